using System.Text.Json;
using System.Text.Unicode;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Peers;

/// <summary>Reads what the clients of the Peers feature send (docs/spec/peers.md, sections 3 and 4).</summary>
/// <remarks>
/// Pure functions over the bytes given, safe on any thread. Nothing a client sends makes them throw. Where a member stands several times, the
/// last one counts, and its name may be written with escapes; members that are not known are skipped.
/// </remarks>
public static partial class PeersReader
{
    /// <summary>The length of the longest name of an unknown event that is repeated to its sender, in UTF-16 code units.</summary>
    public const int MaxUnknownNameLength = 64;

    // The longest known name is CONNECTION_RESPONSE; one more tells a longer one apart.
    private const int MaxEventNameLength = 19;

    /// <summary>Checks a message's syntax as a whole and finds its event and its data.</summary>
    /// <param name="json">One message, from a text or a binary frame.</param>
    /// <param name="envelope">The message when the result is <see cref="PeersEnvelopeStatus.Ok"/>, else the default value.</param>
    /// <remarks>
    /// Takes time linear in the length of the message, whatever its depth, and for a known event allocates nothing up to a depth of 64. Content is
    /// not decoded: lone surrogates, numbers beyond a double and repeated names are as valid here as they are to JSON.parse. Ill-formed UTF-8 is
    /// refused, since what is relayed must be a valid text frame.
    /// </remarks>
    public static PeersEnvelopeStatus Read(ReadOnlySpan<byte> json, out PeersEnvelope envelope)
    {
        envelope = default;
        if (!Utf8.IsValid(json))
        {
            return PeersEnvelopeStatus.InvalidJson;
        }

        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        try
        {
            reader.Read();
            var status = PeersEnvelopeStatus.NotAnObject;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                status = PeersEnvelopeStatus.Ok;
                ReadObject(ref reader, json, out envelope);
            }
            else
            {
                reader.Skip();
            }

            // Anything but white space behind the value throws.
            reader.Read();
            return status;
        }
        catch (JsonException)
        {
            envelope = default;
            return PeersEnvelopeStatus.InvalidJson;
        }
    }

    /// <summary>Whether a member of a message's data is the server's to set, so that a sender's one is never relayed.</summary>
    internal static bool IsOwned(JsonName name) => IsSessionId(name) || name.Is("from"u8) || name.Is("timestamp"u8);

    private static bool IsSessionId(JsonName name) => name.Is("sessionId"u8);

    private static void ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out PeersEnvelope envelope)
    {
        var name = default(JsonValue);
        var data = default(ReadOnlySpan<byte>);
        var outline = default(PeersDataOutline);
        while (JsonName.TryRead(ref reader, out var member))
        {
            if (member.Is("event"u8))
            {
                name = JsonValue.Read(ref reader, json);
            }
            else if (member.Is("data"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                outline = reader.TokenType == JsonTokenType.StartObject ? ReadOutline(ref reader, start) : default;
                reader.Skip();
                data = json[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Skip();
            }
        }

        var known = Parse(name);
        envelope = new PeersEnvelope(known, known == PeersEvent.Unknown ? GetPrintableName(name) : null, data, outline);
    }

    // The reader stands on the opening brace before and on the closing one afterwards.
    private static PeersDataOutline ReadOutline(scoped ref Utf8JsonReader reader, int dataStart)
    {
        var outline = default(PeersDataOutline);
        while (JsonName.TryRead(ref reader, out var name))
        {
            if (!IsOwned(name))
            {
                reader.Skip();
                continue;
            }

            var isSessionId = IsSessionId(name);
            outline.OwnedMembers++;
            reader.Read();
            if (isSessionId)
            {
                outline.SessionIdType = reader.TokenType;
                outline.SessionIdIsEscaped = reader.ValueIsEscaped;
                outline.SessionIdMember = name.Start - dataStart;
                outline.SessionIdStart = (int)reader.TokenStartIndex - dataStart;
            }

            reader.Skip();
            if (isSessionId)
            {
                outline.SessionIdEnd = (int)reader.BytesConsumed - dataStart;
            }
        }

        return outline;
    }

    private static PeersEvent Parse(JsonValue name)
    {
        if (!name.IsString)
        {
            return PeersEvent.Unknown;
        }

        Span<byte> decoded = stackalloc byte[MaxEventNameLength + 1];
        return Parse(name.GetAscii(decoded));
    }

    private static PeersEvent Parse(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("PING"u8) => PeersEvent.Ping,
        4 when name.SequenceEqual("AUTH"u8) => PeersEvent.Auth,
        10 when name.SequenceEqual("SET_STATUS"u8) => PeersEvent.SetStatus,
        11 when name.SequenceEqual("SESSION_END"u8) => PeersEvent.SessionEnd,
        12 when name.SequenceEqual("SEND_MESSAGE"u8) => PeersEvent.SendMessage,
        13 when name.SequenceEqual("PEER_REGISTER"u8) => PeersEvent.PeerRegister,
        14 when name.SequenceEqual("DISCOVER_PEERS"u8) => PeersEvent.DiscoverPeers,
        17 when name.SequenceEqual("CONNECTION_CANCEL"u8) => PeersEvent.ConnectionCancel,
        18 when name.SequenceEqual("CONNECTION_REQUEST"u8) => PeersEvent.ConnectionRequest,
        19 when name.SequenceEqual("CONNECTION_RESPONSE"u8) => PeersEvent.ConnectionResponse,
        _ => PeersEvent.Unknown,
    };

    private static string GetPrintableName(JsonValue name)
    {
        switch (name.Type)
        {
            case JsonTokenType.None:
                return PeersEnvelope.NoName;
            case JsonTokenType.StartObject:
                return "[object]";
            case JsonTokenType.StartArray:
                return "[array]";
        }

        Span<char> text = stackalloc char[MaxUnknownNameLength];
        text = text[..name.GetTextPrefix(text)];
        return PeersText.MakePrintable(text);
    }
}
