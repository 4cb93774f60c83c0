using System.Text;
using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>The known members of an event and where they stand in it, of the types that they must have.</summary>
internal ref struct SyncEventFields
{
    public JsonValue EventId;
    public JsonValue UserId;
    public JsonValue DeviceId;
    public JsonValue DeviceSeq;
    public JsonValue StreamId;
    public JsonValue Type;
    public JsonValue Payload;
    public JsonValue Ttl;

    private Known _seen;
    private int _userIdStart;
    private int _userIdEnd;
    private int _streamSeqStart;
    private int _streamSeqEnd;
    private int _createdAtStart;
    private int _createdAtEnd;
    private bool _createdAtIsFirst;
    private bool _createdAtIsLast;
    private int _end;

    [Flags]
    private enum Known
    {
        None = 0,
        EventId = 1,
        UserId = 2,
        DeviceId = 4,
        DeviceSeq = 8,
        StreamId = 16,
        StreamSeq = 32,
        Type = 64,
        Payload = 128,
        Ttl = 256,
        CreatedAt = 512,
    }

    /// <summary>Reads an event; false when it is no object, lacks a required member, or has a known one twice or of a wrong type.</summary>
    /// <param name="json">Valid JSON, or nothing.</param>
    /// <param name="fields">The members.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, out SyncEventFields fields)
    {
        fields = default;
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        reader.Read();
        while (JsonName.TryRead(ref reader, out var name))
        {
            var known = Identify(name);
            if ((fields._seen & known) != 0)
            {
                return false;
            }

            // Where created_at is the first member, the comma that goes with it is the one behind it.
            if (fields._createdAtIsFirst && fields._createdAtEnd == fields._end)
            {
                fields._createdAtEnd = name.Start;
            }

            fields._seen |= known;
            var value = JsonValue.Read(ref reader, json);
            fields.Keep(known, value, name.Start, (int)reader.BytesConsumed);
        }

        return fields.IsComplete;
    }

    /// <summary>Where the server's values go.</summary>
    /// <param name="userId">The session's user, in lower case.</param>
    public readonly SyncEventSplice GetSplice(string userId)
    {
        var isAsWritten = Ascii.Equals(UserId.PlainUtf8, userId);
        return new SyncEventSplice
        {
            StreamSeqStart = (_seen & Known.StreamSeq) != 0 ? _streamSeqStart : -1,
            StreamSeqEnd = _streamSeqEnd,
            UserIdStart = isAsWritten ? -1 : _userIdStart,
            UserIdEnd = _userIdEnd,
            OmittedStart = (_seen & Known.CreatedAt) != 0 && !_createdAtIsLast ? _createdAtStart : -1,
            OmittedEnd = _createdAtEnd,
            End = _createdAtIsLast ? _createdAtStart : _end,
        };
    }

    private readonly bool IsComplete =>
        EventId.IsString && UserId.IsString && DeviceId.IsString && DeviceSeq.Type == JsonTokenType.Number
        && StreamId.IsString && Type.IsString && Payload.IsString
        && Ttl.Type is JsonTokenType.None or JsonTokenType.Number;

    private void Keep(Known known, JsonValue value, int memberStart, int end)
    {
        var valueStart = end - value.Text.Length;
        _createdAtIsLast = known == Known.CreatedAt;
        switch (known)
        {
            case Known.EventId:
                EventId = value;
                break;
            case Known.UserId:
                UserId = value;
                _userIdStart = valueStart;
                _userIdEnd = end;
                break;
            case Known.DeviceId:
                DeviceId = value;
                break;
            case Known.DeviceSeq:
                DeviceSeq = value;
                break;
            case Known.StreamId:
                StreamId = value;
                break;
            case Known.StreamSeq:
                _streamSeqStart = valueStart;
                _streamSeqEnd = end;
                break;
            case Known.Type:
                Type = value;
                break;
            case Known.Payload:
                Payload = value;
                break;
            case Known.Ttl:
                Ttl = value;
                break;
            case Known.CreatedAt:
                // With the comma before it, unless it is the first member.
                _createdAtIsFirst = _end == 0;
                _createdAtStart = _createdAtIsFirst ? memberStart : _end;
                _createdAtEnd = end;
                break;
        }

        _end = end;
    }

    private static Known Identify(JsonName name) =>
        name.Is("event_id"u8) ? Known.EventId
        : name.Is("user_id"u8) ? Known.UserId
        : name.Is("device_id"u8) ? Known.DeviceId
        : name.Is("device_seq"u8) ? Known.DeviceSeq
        : name.Is("stream_id"u8) ? Known.StreamId
        : name.Is("stream_seq"u8) ? Known.StreamSeq
        : name.Is("type"u8) ? Known.Type
        : name.Is("encrypted_payload"u8) ? Known.Payload
        : name.Is("ttl"u8) ? Known.Ttl
        : name.Is("created_at"u8) ? Known.CreatedAt
        : Known.None;
}
