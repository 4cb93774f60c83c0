using System.Text;
using System.Text.Json;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A SignalR hub over WebSockets with the JSON protocol; the same token is verified before the upgrade.</summary>
internal sealed class SignalRTarget(ServerSecrets secrets, DotNetSettings settings) : ISocketTarget
{
    private const char End = '\x1e';

    public string Name => "signalr";

    public string Title => "ASP.NET Core SignalR";

    public Task<string?> PrepareAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        return OwnServer.StartAsync("serve-signalr", secrets, settings, cancellationToken);
    }

    public string CreateCredential(int user) => BenchToken.Mint(secrets, user);

    public async Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential)
    {
        // A client that skips negotiation connects to the hub at once.
        var connection = await LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, "/hub?access_token=" + credential);
        try
        {
            connection.IsExpectedAside = static text => text.AsSpan().SequenceEqual("{\"type\":6}\x1e"u8);
            connection.Send(ClientFrame.Text("{\"protocol\":\"json\",\"version\":1}" + End));
            var handshake = await connection.ReceiveTextAsync();
            if (!handshake.AsSpan().SequenceEqual("{}\x1e"u8))
            {
                throw new InvalidDataException("The handshake was answered with: " + Encoding.UTF8.GetString(handshake));
            }

            connection.Send(ClientFrame.Text("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Register\",\"arguments\":[]}" + End));
            connection.PeerId = await ReceiveResultAsync(connection);
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
        return (
            await SentMessage.ProveLaneAsync(first, second, SendTo(second, content), content, mayBatch: true),
            await SentMessage.ProveLaneAsync(second, first, SendTo(first, content), content, mayBatch: true));
    }

    private static string SendTo(LoadConnection peer, string content)
    {
        return "{\"type\":1,\"target\":\"Send\",\"arguments\":[\"" + peer.PeerId + "\",\"" + content + "\"]}" + End;
    }

    private static async Task<string> ReceiveResultAsync(LoadConnection connection)
    {
        while (true)
        {
            var text = await connection.ReceiveTextAsync();
            if (connection.IsExpectedAside(text))
            {
                continue;
            }

            using var message = JsonDocument.Parse(text.AsMemory(0, text.Length - 1));
            return message.RootElement.TryGetProperty("result", out var result)
                ? result.GetString()!
                : throw new InvalidDataException("Instead of a result came: " + Encoding.UTF8.GetString(text));
        }
    }
}
