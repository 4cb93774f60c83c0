using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A server that speaks the Peers protocol over <c>/ws</c>.</summary>
internal abstract class PeersTarget(ServerSecrets secrets) : ISocketTarget
{
    private static readonly byte[] Register = Encoding.UTF8.GetBytes(
        """{"event":"PEER_REGISTER","data":{"displayName":"Bench","ide":"vscode","role":"guest"}}""");

    public abstract string Name { get; }

    public abstract string Title { get; }

    protected ServerSecrets Secrets => secrets;

    public abstract Task<string?> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<ServerProcess> StartAsync(CancellationToken cancellationToken);

    public string CreateCredential(int user) => BenchToken.Mint(secrets, user);

    public async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential)
    {
        var connection = await LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, "/ws");
        try
        {
            connection.IsExpectedAside = static text => IsEvent(text, "PEER_STATUS_UPDATE"u8);
            connection.Send(ClientFrame.Text("{\"event\":\"AUTH\",\"data\":{\"token\":\"" + credential + "\"}}"));
            _ = await ReceiveAsync(connection, "AUTH_SUCCESS");
            connection.Send(ClientFrame.Build(FrameHeader.Text, Register));
            var registered = await ReceiveAsync(connection, "PEER_REGISTERED");
            connection.PeerId = SentMessage.Text(registered, "id");
            return connection;
        }
        catch
        {
            connection.Abort();
            throw;
        }
    }

    public async Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content)
    {
        first.Send(ClientFrame.Text("{\"event\":\"CONNECTION_REQUEST\",\"data\":{\"targetId\":\"" + second.PeerId + "\"}}"));
        var request = await ReceiveAsync(second, "CONNECTION_REQUEST_RECEIVED");
        var requestId = SentMessage.Text(request, "requestId");
        second.Send(ClientFrame.Text("{\"event\":\"CONNECTION_RESPONSE\",\"data\":{\"requestId\":\"" + requestId + "\",\"accepted\":true}}"));
        var accepted = await ReceiveAsync(first, "CONNECTION_ACCEPTED");
        var created = await ReceiveAsync(second, "SESSION_CREATED");
        var sessionId = SentMessage.Text(accepted, "sessionId");
        if (sessionId != SentMessage.Text(created, "sessionId"))
        {
            throw new InvalidDataException("The two members were told different sessions.");
        }

        var message = SentMessage.PeersEnvelope(sessionId, content);
        return (
            await SentMessage.ProveLaneAsync(first, second, message, content, mayBatch: false),
            await SentMessage.ProveLaneAsync(second, first, message, content, mayBatch: false));
    }

    /// <summary>The data of the next message of that event; presence is passed over, anything else is a fault.</summary>
    private static async Task<JsonElement> ReceiveAsync(LoadConnection connection, string name)
    {
        while (true)
        {
            var text = await connection.ReceiveTextAsync();
            if (IsEvent(text, Encoding.UTF8.GetBytes(name)))
            {
                using var message = JsonDocument.Parse(text);
                return message.RootElement.GetProperty("data").Clone();
            }

            if (!connection.IsExpectedAside(text))
            {
                throw new InvalidDataException($"Instead of {name} came: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    private static bool IsEvent(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(text);
        while (reader.Read() && reader.CurrentDepth <= 1)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("event"u8))
            {
                return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(name);
            }
        }

        return false;
    }
}
