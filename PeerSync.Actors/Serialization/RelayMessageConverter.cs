using System.Text.Json;
using System.Text.Json.Serialization;
using PeerSync.Actors.Sessions;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Serialization;

/// <summary>Relayed messages. The source's credit does not travel: it belongs to the node whose socket gave it.</summary>
public sealed class RelayMessageConverter : JsonConverter<RelayMessage>
{
    private const string Session = "sessionId";
    private const string From = "from";
    private const string To = "to";
    private const string Body = "body";

    /// <inheritdoc />
    /// <exception cref="JsonException">A member is missing.</exception>
    public override RelayMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? session = null, from = null, to = null;
        byte[]? body = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case Session:
                    session = reader.GetString();
                    break;
                case From:
                    from = reader.GetString();
                    break;
                case To:
                    to = reader.GetString();
                    break;
                case Body:
                    body = reader.GetBytesFromBase64();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (session is null || from is null || body is null)
        {
            throw new JsonException("A relayed message needs a session, a sender and a body.");
        }

        var message = RelayMessage.Rent(new SessionId(session), new UserId(from), MessageBuffer.Copy(body), source: null);
        return to is null ? message : message.To(new UserId(to));
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, RelayMessage value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString(Session, value.SessionId.Value);
        writer.WriteString(From, value.From.Value);
        if (value.UserId != default)
        {
            writer.WriteString(To, value.UserId.Value);
        }

        writer.WriteBase64String(Body, value.Body.Span);
        writer.WriteEndObject();
    }
}
