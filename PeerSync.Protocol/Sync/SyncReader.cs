using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>Reads what the clients of the Sync feature send (docs/spec/sync.md).</summary>
/// <remarks>
/// Pure functions over the bytes given, safe on any thread. Nothing a client sends makes them throw. Names of members may be written with escapes;
/// where one stands several times the last one counts, except in events, where a known one must not.
/// </remarks>
public static partial class SyncReader
{
    // The longest known type is initiate_pairing; one more tells a longer one apart.
    private const int MaxTypeLength = 16;

    /// <summary>Checks a message's syntax as a whole and finds its type and its content.</summary>
    /// <param name="json">One message, from a text or a binary frame.</param>
    /// <param name="envelope">The message when the result is <see cref="SyncEnvelopeStatus.Ok"/>, else the default value.</param>
    /// <remarks>
    /// Takes time linear in the length of the message, whatever its depth, and allocates nothing up to a depth of 64. Content is not decoded: lone
    /// surrogates and numbers beyond a double are as valid here as they are to JSON.parse. Ill-formed UTF-8 is refused, since what is relayed must
    /// be a valid text frame.
    /// </remarks>
    public static SyncEnvelopeStatus Read(ReadOnlySpan<byte> json, out SyncEnvelope envelope)
    {
        envelope = default;
        if (!Utf8.IsValid(json))
        {
            return SyncEnvelopeStatus.InvalidJson;
        }

        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        try
        {
            reader.Read();
            var status = SyncEnvelopeStatus.Ok;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    ReadObject(ref reader, json, out envelope);
                    break;
                case JsonTokenType.StartArray:
                    reader.Skip();
                    envelope = new SyncEnvelope(SyncMessageType.Unknown, default, json, 0, 0);
                    break;
                case JsonTokenType.Null:
                    status = SyncEnvelopeStatus.Null;
                    break;
                default:
                    status = SyncEnvelopeStatus.NotAnObject;
                    break;
            }

            // Anything but white space behind the value throws.
            reader.Read();
            return status;
        }
        catch (JsonException)
        {
            envelope = default;
            return SyncEnvelopeStatus.InvalidJson;
        }
    }

    private static void ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out SyncEnvelope envelope)
    {
        var start = (int)reader.TokenStartIndex;
        var type = default(JsonValue);
        var innerType = default(JsonValue);
        var payloadStart = 0;
        var payloadEnd = 0;
        while (JsonName.TryRead(ref reader, out var member))
        {
            if (member.Is("type"u8))
            {
                type = JsonValue.Read(ref reader, json);
            }
            else if (member.Is("payload"u8))
            {
                reader.Read();
                payloadStart = (int)reader.TokenStartIndex;
                innerType = reader.TokenType == JsonTokenType.StartObject ? ReadInnerType(ref reader, json) : default;
                reader.Skip();
                payloadEnd = (int)reader.BytesConsumed;
            }
            else
            {
                reader.Skip();
            }
        }

        var known = Parse(type);
        if (known is SyncMessageType.ClientHello or SyncMessageType.ClientAuth && Parse(innerType) != known)
        {
            payloadStart = start;
            payloadEnd = (int)reader.BytesConsumed;
        }

        envelope = new SyncEnvelope(known, type.IsString ? type.Text[1..^1] : default, json, payloadStart, payloadEnd - payloadStart);
    }

    // The reader stands on the opening brace before and on the closing one afterwards.
    private static JsonValue ReadInnerType(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var type = default(JsonValue);
        while (JsonName.TryRead(ref reader, out var member))
        {
            if (member.Is("type"u8))
            {
                type = JsonValue.Read(ref reader, json);
            }
            else
            {
                reader.Skip();
            }
        }

        return type;
    }

    private static SyncMessageType Parse(JsonValue type)
    {
        if (!type.IsString)
        {
            return SyncMessageType.Unknown;
        }

        var plain = type.PlainUtf8;
        if (!plain.IsEmpty)
        {
            return Parse(plain);
        }

        Span<char> text = stackalloc char[MaxTypeLength + 1];
        Span<byte> ascii = stackalloc byte[MaxTypeLength + 1];
        text = text[..type.GetTextPrefix(text)];
        return Ascii.FromUtf16(text, ascii, out var length) == OperationStatus.Done ? Parse(ascii[..length]) : SyncMessageType.Unknown;
    }

    private static SyncMessageType Parse(ReadOnlySpan<byte> type) => type.Length switch
    {
        3 when type.SequenceEqual("ack"u8) => SyncMessageType.Ack,
        4 when type.SequenceEqual("ping"u8) => SyncMessageType.Ping,
        5 when type.SequenceEqual("event"u8) => SyncMessageType.Event,
        11 when type.SequenceEqual("client_auth"u8) => SyncMessageType.ClientAuth,
        12 when type.SequenceEqual("client_hello"u8) => SyncMessageType.ClientHello,
        14 when type.SequenceEqual("replay_request"u8) => SyncMessageType.ReplayRequest,
        15 when type.SequenceEqual("scratchpad_sync"u8) => SyncMessageType.ScratchpadSync,
        16 when type.SequenceEqual("initiate_pairing"u8) => SyncMessageType.InitiatePairing,
        16 when type.SequenceEqual("complete_pairing"u8) => SyncMessageType.CompletePairing,
        _ => SyncMessageType.Unknown,
    };
}
