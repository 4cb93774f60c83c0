using System.Text.Json;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sharing;

/// <summary>What a client says on the feed's WebSocket.</summary>
/// <param name="Event">The message's name.</param>
/// <param name="Token">The access token; null without one.</param>
/// <param name="After">The number of the last event that the client has; null to begin with what comes.</param>
public sealed record SharingFeedRequest(string Event, string? Token, long? After)
{
    /// <summary>The name of the message that says who is there.</summary>
    public const string Authentication = "auth";

    /// <summary>The name of the message that asks for a sign of life.</summary>
    public const string Ping = "ping";

    /// <summary>Reads a message. Members that are not known are ignored.</summary>
    /// <returns>Null where it is no JSON object with a text as <c>event</c>, or where a member that is known has the wrong type.</returns>
    public static SharingFeedRequest? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return ReadObject(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SharingFeedRequest? ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        string? name = null;
        JsonValue payload = default;
        while (JsonMember.TryRead(ref reader, json, out var member))
        {
            if (member.Name.Is("event"u8))
            {
                name = member.Value.GetText();
            }
            else if (member.Name.Is("payload"u8))
            {
                payload = member.Value;
            }
        }

        // Whatever follows the object is an error.
        if (reader.Read() || name is null || payload.Type is not (JsonTokenType.None or JsonTokenType.StartObject))
        {
            return null;
        }

        string? token = null;
        long? after = null;
        if (payload.Type == JsonTokenType.StartObject && !TryReadPayload(payload.Text, out token, out after))
        {
            return null;
        }

        return new SharingFeedRequest(name, token, after);
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> json, out string? token, out long? after)
    {
        token = null;
        after = null;
        var reader = new Utf8JsonReader(json, JsonSyntax.Options);
        reader.Read();
        while (JsonMember.TryRead(ref reader, json, out var member))
        {
            if (member.Name.Is("token"u8))
            {
                token = member.Value.GetText();
                if (token is null)
                {
                    return false;
                }
            }
            else if (member.Name.Is("after"u8) && member.Value.Type != JsonTokenType.Null)
            {
                if (member.Value.Type != JsonTokenType.Number || !System.Buffers.Text.Utf8Parser.TryParse(member.Value.Text, out long number, out var read)
                    || read != member.Value.Text.Length || number < 0)
                {
                    return false;
                }

                after = number;
            }
        }

        return true;
    }
}
