using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>
/// The bare echo: as many sockets and messages in flight as a pair has, but each message returns to its sender. It knows no login.
/// </summary>
internal sealed class EchoTarget(ServerSecrets secrets, DotNetSettings settings) : ISocketTarget
{
    // As long as a real session id, so that the echo carries the same message.
    private const string SessionId = "ses_00000000-0000-4000-8000-000000000000";

    public string Name => "echo";

    public string Title => "Kestrel echo (no login)";

    public Task<string?> PrepareAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        return OwnServer.StartAsync("serve-echo", secrets, settings, cancellationToken);
    }

    public string CreateCredential(int user) => "";

    public Task<LoadConnection> OpenAsync(EventLoop loop, ServerProcess server, string credential)
    {
        return LoadConnection.OpenAsync(loop, server.NextSource(), server.Port, "/ws");
    }

    public async Task<(Lane Forth, Lane Back)> PairAsync(LoadConnection first, LoadConnection second, string content)
    {
        var message = SentMessage.PeersEnvelope(SessionId, content);
        return (
            await SentMessage.ProveLaneAsync(first, first, message, content, mayBatch: false),
            await SentMessage.ProveLaneAsync(second, second, message, content, mayBatch: false));
    }
}
