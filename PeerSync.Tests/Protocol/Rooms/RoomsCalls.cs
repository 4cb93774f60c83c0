using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Rooms;

namespace PeerSync.Tests.Protocol.Rooms;

/// <summary>What the tests of the Rooms codecs share.</summary>
internal static class RoomsCalls
{
    internal const long Now = 5;
    internal const string Sdp = "v=0\\r\\na=ice-ufrag:AB\\r\\n";
    internal const string Candidate = """{"candidate":"candidate:1 1 udp 1 10.0.0.1 9 typ host ufrag AB","sdpMid":"0","sdpMLineIndex":0}""";

    internal static readonly RoomsForm[] Forms = [RoomsForm.Lean, RoomsForm.Collaboration, RoomsForm.SyncService, RoomsForm.Workbench, RoomsForm.Readme];
    internal static readonly RoomsForm[] Signaling = [RoomsForm.Lean, RoomsForm.Collaboration, RoomsForm.SyncService, RoomsForm.Readme];
    internal static readonly RoomsFrameType[] Signals = [RoomsFrameType.Offer, RoomsFrameType.Answer, RoomsFrameType.Candidate];

    internal static RoomsFrame Frame(string json)
    {
        Assert.Equal(RoomsFrameStatus.Ok, RoomsReader.Read(Encoding.UTF8.GetBytes(json), out var frame));
        return frame;
    }

    internal static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>A signal as a client of a form sends it.</summary>
    internal static string Sent(RoomsForm form, RoomsFrameType type)
    {
        var name = Name(type);
        var isCandidate = type == RoomsFrameType.Candidate;
        return form switch
        {
            RoomsForm.Lean => $$"""{"type":"{{(isCandidate ? "ice" : name)}}","roomId":"r","from":"a","to":"b","data":{{(isCandidate ? $$"""{"candidate":{{Candidate}}}""" : Description(name))}}}""",
            RoomsForm.SyncService => $$$"""{"type":"webrtc-{{{(isCandidate ? "ice-candidate" : name)}}}","data":{"to":"b","{{{name}}}":{{{(isCandidate ? Candidate : Description(name))}}}}}""",
            RoomsForm.Collaboration => $$"""{"type":"{{StandardType(type)}}","roomId":"r","userId":"a","data":{{(isCandidate ? Candidate : $$"""{"sdp":"{{Sdp}}"}""")}},"timestamp":1}""",
            _ => $$"""{"type":"{{StandardType(type)}}","roomId":"r","userId":"a","data":{{(isCandidate ? Candidate : Description(name))}},"timestamp":1}""",
        };
    }

    /// <summary>A signal as a client of a form has to receive it from another form.</summary>
    internal static string Expected(RoomsForm form, RoomsFrameType type)
    {
        var name = Name(type);
        var isCandidate = type == RoomsFrameType.Candidate;
        return form switch
        {
            RoomsForm.Lean => Sent(form, type),
            RoomsForm.SyncService => $$$"""{"type":"webrtc-{{{(isCandidate ? "ice-candidate" : name)}}}","data":{"from":"a","{{{name}}}":{{{(isCandidate ? Candidate : Description(name))}}}}}""",
            RoomsForm.Collaboration => Sent(form, type).Replace("\"timestamp\":1", "\"timestamp\":5", StringComparison.Ordinal),
            _ => $$$"""{"type":"{{{StandardType(type)}}}","roomId":"r","userId":"a","data":{"{{{name}}}":{{{(isCandidate ? Candidate : Description(name))}}}},"timestamp":5}""",
        };
    }

    /// <summary>What goes to members of the sender's own form.</summary>
    internal static string WriteSignal(RoomsForm form, string json, string? to = "b")
    {
        var frame = Frame(json);
        var output = new ArrayBufferWriter<byte>();
        RoomsSignal.Write(output, form, frame, "r", "a", to, Now);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>What goes to members of another form; null for nothing.</summary>
    internal static string? Translate(string written, RoomsForm source, RoomsForm target)
    {
        var output = new ArrayBufferWriter<byte>();
        var isWritten = RoomsSignal.TryTranslate(output, Encoding.UTF8.GetBytes(written), source, target, "r", "a", "b", Now);
        Assert.Equal(isWritten, output.WrittenCount > 0);
        return isWritten ? Encoding.UTF8.GetString(output.WrittenSpan) : null;
    }

    /// <summary>The types that the clients of a form know (Rooms contract, sections 4 to 8).</summary>
    internal static string[] KnownTo(RoomsForm form) => form switch
    {
        RoomsForm.Lean => ["peerList", "peerJoined", "peerLeft", "offer", "answer", "ice", "chat", "sync", "error"],
        RoomsForm.Collaboration => ["room-joined", "peer-joined", "peer-left", "sdp-offer", "sdp-answer", "ice-candidate", "error"],
        RoomsForm.SyncService =>
            ["auth", "sync", "user-joined", "user-left", "webrtc-offer", "webrtc-answer", "webrtc-ice-candidate", "operation", "ack", "presence", "error"],
        RoomsForm.Workbench => ["auth-success", "auth-error", "room-joined", "user_joined", "user_left", "operation", "ack", "cursor", "pong", "error"],
        _ =>
        [
            "auth", "room-created", "room-joined", "peer-joined", "peer-left", "sdp-offer", "sdp-answer", "ice-candidate", "heartbeat", "presence", "cursor-update",
            "operation", "error",
        ],
    };

    /// <summary>The type of a frame, which must be JSON.</summary>
    internal static string TypeOf(string frame)
    {
        using var document = JsonDocument.Parse(frame);
        return document.RootElement.GetProperty("type").GetString()!;
    }

    internal static string Name(RoomsFrameType type) => type switch
    {
        RoomsFrameType.Offer => "offer",
        RoomsFrameType.Answer => "answer",
        _ => "candidate",
    };

    private static string StandardType(RoomsFrameType type) => type == RoomsFrameType.Candidate ? "ice-candidate" : "sdp-" + Name(type);

    private static string Description(string name) => $$"""{"type":"{{name}}","sdp":"{{Sdp}}"}""";
}
