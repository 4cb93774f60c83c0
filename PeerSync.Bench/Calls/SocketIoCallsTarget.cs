using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Calls;

/// <summary>The same calls as Node and Socket.IO make them.</summary>
internal sealed class SocketIoCallsTarget(string secret) : CallsTarget(secret), INodeTarget
{
    private readonly NodeServer _node = new(Repository.Root, "calls.mjs", ("socket.io", 4));

    public override string Name => "socketio";

    public override string Title => "Node Socket.IO";

    public string NodeVersion => _node.NodeVersion;

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) => _node.PrepareAsync(cancellationToken);

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken) =>
        _node.StartAsync(new Dictionary<string, string> { [SecretVariable] = Secret }, cancellationToken);
}
