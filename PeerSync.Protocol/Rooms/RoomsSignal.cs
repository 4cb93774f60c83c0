using System.Buffers;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Rooms;

/// <summary>Writes session descriptions and candidates for receivers of the sender's form, and translates them for others (Rooms contract, sections 4 to 8).</summary>
/// <remarks>Pure functions, safe on any thread. What a client sent is spliced in as it was, never re-serialised.</remarks>
public static class RoomsSignal
{
    /// <summary>Whether a frame is a signal.</summary>
    public static bool IsSignal(RoomsFrameType type) => type is RoomsFrameType.Offer or RoomsFrameType.Answer or RoomsFrameType.Candidate;

    /// <summary>Whether members of two forms take part in the same connections: all forms but D can.</summary>
    public static bool Meet(RoomsForm one, RoomsForm other) => one == other || (Signals(one) && Signals(other));

    /// <summary>Writes a signal as receivers of the sender's own form know it, with the identity that the server knows.</summary>
    /// <param name="output">Takes the frame.</param>
    /// <param name="form">The sender's form; one that has signals.</param>
    /// <param name="frame">The frame as sent; a signal.</param>
    /// <param name="roomId">The sender's room.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">Whom it is for; null for everybody.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static void Write(IBufferWriter<byte> output, RoomsForm form, scoped in RoomsFrame frame, string roomId, string from, string? to, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (form)
        {
            case RoomsForm.Lean:
                BeginLean(output, frame.Type, roomId, from, to);
                output.Write(frame.Data.Text.IsEmpty ? "{}"u8 : frame.Data.Text);
                output.Write("}"u8);
                break;
            case RoomsForm.Collaboration:
                RoomsWriter.Begin(output, CollaborationType(frame.Type), roomId, from);
                output.Write(",\"data\":"u8);
                output.Write(frame.Data.Text.IsEmpty ? "{}"u8 : frame.Data.Text);
                RoomsWriter.EndStamped(output, now);
                break;
            case RoomsForm.Readme:
                WriteReadme(output, frame, roomId, from, now);
                break;
            case RoomsForm.SyncService:
                WriteSyncService(output, frame, from);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(form), form, "The form has no signals.");
        }
    }

    /// <summary>Translates a signal that <see cref="Write"/> has written.</summary>
    /// <param name="output">Takes the frame.</param>
    /// <param name="written">The signal in the sender's form.</param>
    /// <param name="source">The sender's form.</param>
    /// <param name="target">The receiver's form.</param>
    /// <param name="roomId">The room.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver, or null.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>False, with nothing written, where the target has no such frame or the signal has not what it needs.</returns>
    public static bool TryTranslate(
        IBufferWriter<byte> output, ReadOnlySpan<byte> written, RoomsForm source, RoomsForm target, string roomId, string from, string? to, long now)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!Meet(source, target) || RoomsReader.Read(written, out var frame) != RoomsFrameStatus.Ok)
        {
            return false;
        }

        var isCandidate = frame.Type == RoomsFrameType.Candidate;
        var content = isCandidate ? CandidateOf(frame, source) : SdpOf(frame, source);
        if (content.IsEmpty)
        {
            return false;
        }

        var name = MemberName(frame.Type);
        switch (target)
        {
            case RoomsForm.Lean:
                BeginLean(output, frame.Type, roomId, from, to);
                WriteContent(output, frame.Type, content, isCandidate ? "{\"candidate\":"u8 : default);
                output.Write(isCandidate ? "}}"u8 : "}"u8);
                return true;
            case RoomsForm.Collaboration:
                RoomsWriter.Begin(output, CollaborationType(frame.Type), roomId, from);
                output.Write(isCandidate ? ",\"data\":"u8 : ",\"data\":{\"sdp\":"u8);
                output.Write(content);
                output.Write(isCandidate ? default : "}"u8);
                RoomsWriter.EndStamped(output, now);
                return true;
            case RoomsForm.Readme:
                RoomsWriter.Begin(output, CollaborationType(frame.Type), roomId, from);
                output.Write(",\"data\":{\""u8);
                output.Write(name);
                output.Write("\":"u8);
                WriteContent(output, frame.Type, content, default);
                output.Write("}"u8);
                RoomsWriter.EndStamped(output, now);
                return true;
            default:
                BeginSyncService(output, frame.Type);
                output.Write("{\"from\":"u8);
                output.WriteString(from);
                output.Write(",\""u8);
                output.Write(name);
                output.Write("\":"u8);
                WriteContent(output, frame.Type, content, default);
                output.Write("}}"u8);
                return true;
        }
    }

    /// <summary>The ICE user name fragment of a signal of form B, by which its exchange is known again; null when it has none.</summary>
    public static string? FragmentOf(scoped in RoomsFrame frame)
    {
        var text = (frame.Type == RoomsFrameType.Candidate ? frame.Data.CandidateValue : frame.Data.SdpValue).GetText();
        if (text is null)
        {
            return null;
        }

        var mark = frame.Type == RoomsFrameType.Candidate ? " ufrag " : "a=ice-ufrag:";
        var start = text.IndexOf(mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += mark.Length;
        var length = text.AsSpan(start).IndexOfAny(" \r\n");
        return length < 0 ? text[start..] : text.Substring(start, length);
    }

    private static bool Signals(RoomsForm form) => form is RoomsForm.Lean or RoomsForm.Collaboration or RoomsForm.SyncService or RoomsForm.Readme;

    private static ReadOnlySpan<byte> MemberName(RoomsFrameType type) => type switch
    {
        RoomsFrameType.Offer => "offer"u8,
        RoomsFrameType.Answer => "answer"u8,
        _ => "candidate"u8,
    };

    private static ReadOnlySpan<byte> CollaborationType(RoomsFrameType type) => type switch
    {
        RoomsFrameType.Offer => "sdp-offer"u8,
        RoomsFrameType.Answer => "sdp-answer"u8,
        _ => "ice-candidate"u8,
    };

    private static void BeginLean(IBufferWriter<byte> output, RoomsFrameType type, string roomId, string from, string? to)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type == RoomsFrameType.Candidate ? "ice"u8 : MemberName(type));
        output.Write("\",\"roomId\":"u8);
        output.WriteString(roomId);
        output.Write(",\"from\":"u8);
        output.WriteString(from);
        if (to is not null)
        {
            output.Write(",\"to\":"u8);
            output.WriteString(to);
        }

        output.Write(",\"data\":"u8);
    }

    private static void BeginSyncService(IBufferWriter<byte> output, RoomsFrameType type)
    {
        output.Write("{\"type\":\"webrtc-"u8);
        output.Write(type == RoomsFrameType.Candidate ? "ice-candidate"u8 : MemberName(type));
        output.Write("\",\"data\":"u8);
    }

    // The sent data one level deeper, as the original nests it. Where the guide's clients nest it themselves, what they read stands beside it.
    private static void WriteReadme(IBufferWriter<byte> output, scoped in RoomsFrame frame, string roomId, string from, long now)
    {
        RoomsWriter.Begin(output, CollaborationType(frame.Type), roomId, from);
        output.Write(",\"data\":{\""u8);
        output.Write(MemberName(frame.Type));
        output.Write("\":"u8);
        var data = frame.Data;
        var nested = frame.Type == RoomsFrameType.Offer ? data.OfferValue : data.AnswerValue;
        if (frame.Type != RoomsFrameType.Candidate && nested.Type == JsonTokenType.StartObject && RoomsReader.ReadData(nested.Text).SdpValue is { IsString: true } sdp)
        {
            output.Write("{\"type\":\""u8);
            output.Write(MemberName(frame.Type));
            output.Write("\",\"sdp\":"u8);
            output.Write(sdp.Text);
            output.Write(","u8);
            output.Write(data.Text[1..]);
        }
        else
        {
            output.Write(data.Text.IsEmpty ? "{}"u8 : data.Text);
        }

        output.Write("}"u8);
        RoomsWriter.EndStamped(output, now);
    }

    // All members as sent, but the sender is the one that the server knows.
    private static void WriteSyncService(IBufferWriter<byte> output, scoped in RoomsFrame frame, string from)
    {
        BeginSyncService(output, frame.Type);
        output.Write("{\"from\":"u8);
        output.WriteString(from);
        if (frame.Data.IsObject)
        {
            var json = frame.Data.Text;
            var reader = new Utf8JsonReader(json, JsonSyntax.Options);
            reader.Read();
            while (JsonMember.TryRead(ref reader, json, out var member))
            {
                if (!member.Name.Is("from"u8))
                {
                    output.Write(","u8);
                    output.Write(member.Text);
                }
            }
        }

        output.Write("}}"u8);
    }

    private static void WriteContent(IBufferWriter<byte> output, RoomsFrameType type, ReadOnlySpan<byte> content, ReadOnlySpan<byte> prefix)
    {
        output.Write(prefix);
        if (type == RoomsFrameType.Candidate)
        {
            output.Write(content);
            return;
        }

        output.Write("{\"type\":\""u8);
        output.Write(MemberName(type));
        output.Write("\",\"sdp\":"u8);
        output.Write(content);
        output.Write("}"u8);
    }

    // The string token of a description's text, quotes and all.
    private static ReadOnlySpan<byte> SdpOf(scoped in RoomsFrame frame, RoomsForm source)
    {
        var data = frame.Data;
        if (source is RoomsForm.SyncService or RoomsForm.Readme)
        {
            var nested = frame.Type == RoomsFrameType.Offer ? data.OfferValue : data.AnswerValue;
            if (nested.Type != JsonTokenType.StartObject)
            {
                return default;
            }

            data = RoomsReader.ReadData(nested.Text);
        }

        return data.SdpValue.IsString ? data.SdpValue.Text : default;
    }

    // The object that a browser makes of a candidate, or null for the end of candidates.
    private static ReadOnlySpan<byte> CandidateOf(scoped in RoomsFrame frame, RoomsForm source)
    {
        var data = frame.Data;
        if (source == RoomsForm.Collaboration)
        {
            return data.CandidateValue.IsString ? data.Text : default;
        }

        var candidate = data.CandidateValue;
        if (source == RoomsForm.Readme && candidate.Type == JsonTokenType.StartObject
            && RoomsReader.ReadData(candidate.Text).CandidateValue is { Type: JsonTokenType.StartObject } inner)
        {
            return inner.Text;
        }

        return candidate.Type is JsonTokenType.StartObject ? candidate.Text : default;
    }
}
