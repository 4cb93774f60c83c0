using System.Buffers;
using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

public static partial class SyncReader
{
    /// <summary>The most bytes that the payload of an event may stand for: 15 MiB.</summary>
    public const int MaxPayloadSize = 15 * 1024 * 1024;

    /// <summary>The longest stream id in characters.</summary>
    public const int MaxStreamIdLength = 256;

    /// <summary>The longest event type in characters.</summary>
    public const int MaxEventTypeLength = 64;

    /// <summary>How long after its <c>ttl</c> an event is still accepted, in milliseconds, as clocks differ.</summary>
    public const long TtlTolerance = 5 * 60 * 1000;

    // Of either alphabet: a text without any stands for no byte however leniently it is read.
    private static readonly SearchValues<byte> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    /// <summary>Reads the content of an <c>event</c>.</summary>
    /// <param name="envelope">A message of that type.</param>
    /// <param name="userId">The session's user: 64 hex digits in lower case.</param>
    /// <param name="deviceId">The session's device.</param>
    /// <param name="now">The server's time in milliseconds since 1970.</param>
    /// <param name="view">The event; which members are set depends on the result.</param>
    /// <returns>What is to be done with it.</returns>
    /// <remarks>
    /// Whose event it is comes before what is wrong with it, so that a client that sends back what it has received from other devices is not closed
    /// over one of them. Allocates nothing for an event on one of the usual streams with one of the usual types.
    /// </remarks>
    public static SyncEventStatus ReadEvent(scoped in SyncEnvelope envelope, string userId, DeviceId deviceId, long now, out SyncEventView view)
    {
        ArgumentNullException.ThrowIfNull(userId);
        view = default;
        var body = envelope.Body;
        if (!SyncEventFields.TryRead(body, out var fields))
        {
            return Refuse(SyncClose.InvalidEventStructure, out view);
        }

        Span<byte> buffer = stackalloc byte[MaxStreamIdLength + 2];
        if (!DeviceId.TryParse(GetText(fields.DeviceId, buffer), out var sender) || sender != deviceId)
        {
            return SyncEventStatus.ForeignDevice;
        }

        if (JudgeDeviceSeq(fields.DeviceSeq, out var deviceSeq) is { } seqRefusal)
        {
            return Refuse(seqRefusal, out view);
        }

        SyncClose? refusal = null;
        var status = JudgeUserId(fields.UserId, userId, buffer, ref refusal);
        status = Join(status, JudgeEventId(fields.EventId, buffer, out var eventId, ref refusal));
        status = Join(status, JudgeStreamId(fields.StreamId, buffer, out var streamId, ref refusal));
        status = Join(status, JudgeEventType(fields.Type, buffer, out var eventType, ref refusal));
        status = Join(status, JudgePayload(fields.Payload, out var payloadSize, ref refusal));
        if (status != SyncEventStatus.Ok)
        {
            view = refusal is { } close
                ? new SyncEventView { Refusal = close }
                : new SyncEventView { DeviceId = sender, DeviceSeq = deviceSeq };
            return status;
        }

        if (!TryGetTtl(fields.Ttl, out var ttl))
        {
            return Refuse(SyncClose.InvalidEventStructure, out view);
        }

        var isExpired = ttl < now - TtlTolerance;
        view = new SyncEventView
        {
            Refusal = isExpired ? SyncClose.EventExpired : default,
            EventId = eventId,
            DeviceId = sender,
            DeviceSeq = deviceSeq,
            StreamId = streamId,
            EventType = eventType,
            Ttl = ttl,
            PayloadSize = payloadSize,
            RawObject = body,
            RawOffset = envelope.BodyOffset,
            Splice = fields.GetSplice(userId),
        };
        return isExpired ? SyncEventStatus.Expired : SyncEventStatus.Ok;
    }

    private static SyncEventStatus Refuse(SyncClose refusal, out SyncEventView view)
    {
        view = new SyncEventView { Refusal = refusal };
        return SyncEventStatus.Invalid;
    }

    // As much of a string as fits, in UTF-8; a text that is no ASCII becomes one that no identifier equals, of the same UTF-16 length.
    private static ReadOnlySpan<byte> GetText(JsonValue value, Span<byte> buffer)
    {
        var plain = value.PlainUtf8;
        if (!plain.IsEmpty && plain.Length <= buffer.Length && Ascii.IsValid(plain))
        {
            return plain;
        }

        Span<char> text = stackalloc char[buffer.Length];
        text = text[..value.GetTextPrefix(text)];
        for (var i = 0; i < text.Length; i++)
        {
            buffer[i] = char.IsAscii(text[i]) ? (byte)text[i] : (byte)'?';
        }

        return buffer[..text.Length];
    }

    // The first member to be closed over decides; a wrong form counts only where there is none.
    private static SyncEventStatus Join(SyncEventStatus first, SyncEventStatus second) =>
        first == SyncEventStatus.Ok || (first == SyncEventStatus.Malformed && second != SyncEventStatus.Ok) ? second : first;

    private static SyncEventStatus Invalid(SyncClose close, ref SyncClose? refusal)
    {
        refusal ??= close;
        return SyncEventStatus.Invalid;
    }

    private static SyncEventStatus JudgeUserId(JsonValue value, string userId, Span<byte> buffer, ref SyncClose? refusal)
    {
        var text = GetText(value, buffer);
        if (text.IsEmpty || Ascii.EqualsIgnoreCase(text, userId))
        {
            return SyncEventStatus.Ok;
        }

        if (text.Length > UserIdLength)
        {
            return Invalid(SyncClose.UserIdTooLong, ref refusal);
        }

        if (!SyncText.IsHex(text, UserIdLength))
        {
            return SyncEventStatus.Malformed;
        }

        refusal ??= SyncClose.UserIdMismatch;
        return SyncEventStatus.ForeignUser;
    }

    private static SyncEventStatus JudgeEventId(JsonValue value, Span<byte> buffer, out Guid eventId, ref SyncClose? refusal)
    {
        eventId = default;
        var text = GetText(value, buffer);
        if (text.Length > DeviceId.TextLength)
        {
            return Invalid(SyncClose.EventIdTooLong, ref refusal);
        }

        return SyncText.TryParseUuid(text, out eventId) && eventId.Version == 7 ? SyncEventStatus.Ok : SyncEventStatus.Malformed;
    }

    private static SyncEventStatus JudgeStreamId(JsonValue value, Span<byte> buffer, out string streamId, ref SyncClose? refusal)
    {
        streamId = string.Empty;
        var text = GetText(value, buffer);
        if (text.IsEmpty)
        {
            return Invalid(SyncClose.StreamIdRequired, ref refusal);
        }

        if (text.Length > MaxStreamIdLength)
        {
            return Invalid(SyncClose.StreamIdTooLong, ref refusal);
        }

        if (!SyncText.IsName(text))
        {
            return SyncEventStatus.Malformed;
        }

        streamId = SyncNames.GetStreamId(text);
        return SyncEventStatus.Ok;
    }

    private static SyncEventStatus JudgeEventType(JsonValue value, Span<byte> buffer, out string eventType, ref SyncClose? refusal)
    {
        eventType = string.Empty;
        var text = GetText(value, buffer);
        if (text.Length > MaxEventTypeLength)
        {
            return Invalid(SyncClose.EventTypeTooLong, ref refusal);
        }

        // Clients know no refusal of its own for an empty type.
        if (text.IsEmpty || !SyncText.IsName(text))
        {
            return SyncEventStatus.Malformed;
        }

        eventType = SyncNames.GetEventType(text);
        return SyncEventStatus.Ok;
    }

    private static SyncClose? JudgeDeviceSeq(JsonValue value, out long deviceSeq)
    {
        deviceSeq = 0;
        _ = SyncText.TryGetNumber(value, out var number);
        if (!double.IsInteger(number))
        {
            return SyncClose.DeviceSeqNotInteger;
        }

        if (number < 1)
        {
            return SyncClose.DeviceSeqTooSmall;
        }

        if (number > SyncText.MaxSafeInteger)
        {
            return SyncClose.DeviceSeqTooLarge;
        }

        deviceSeq = (long)number;
        return null;
    }

    private static bool TryGetTtl(JsonValue value, out long? ttl)
    {
        ttl = null;
        if (value.Type == JsonTokenType.None)
        {
            return true;
        }

        if (!SyncText.TryGetNumber(value, out var number) || Math.Abs(number) > SyncText.MaxSafeInteger)
        {
            return false;
        }

        ttl = (long)Math.Floor(number);
        return true;
    }

    private static SyncEventStatus JudgePayload(JsonValue value, out int size, ref SyncClose? refusal)
    {
        if (!TryMeasureBase64(value, out size))
        {
            return Invalid(value.Text.ContainsAny(Base64Characters) ? SyncClose.InvalidEventStructure : SyncClose.PayloadEmpty, ref refusal);
        }

        if (size == 0)
        {
            return Invalid(SyncClose.PayloadRequired, ref refusal);
        }

        return size > MaxPayloadSize ? Invalid(SyncClose.PayloadTooLarge, ref refusal) : SyncEventStatus.Ok;
    }

    // Some encoders of JSON write each slash as an escape, so base64 may contain some.
    private static bool TryMeasureBase64(JsonValue value, out int size)
    {
        var plain = value.PlainUtf8;
        if (!plain.IsEmpty)
        {
            return StrictBase64.TryMeasure(plain, out size);
        }

        var chars = ArrayPool<char>.Shared.Rent(value.Text.Length);
        var utf8 = ArrayPool<byte>.Shared.Rent(value.Text.Length);
        var length = value.GetTextPrefix(chars);
        var isBase64 = Ascii.FromUtf16(chars.AsSpan(0, length), utf8, out length) == OperationStatus.Done;
        size = 0;
        isBase64 = isBase64 && StrictBase64.TryMeasure(utf8.AsSpan(0, length), out size);
        ArrayPool<char>.Shared.Return(chars);
        ArrayPool<byte>.Shared.Return(utf8);
        return isBase64;
    }
}
