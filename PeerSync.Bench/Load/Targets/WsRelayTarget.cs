namespace PeerSync.Bench.Load.Targets;

/// <summary>A relay in Node with the npm package <c>ws</c>, which speaks the same part of the Peers protocol.</summary>
internal sealed class WsRelayTarget(ServerSecrets secrets, string repository) : PeersTarget(secrets), INodeTarget
{
    private readonly NodeServer _node = new(repository, "relay.mjs", ("ws", 8));

    public override string Name => "ws";

    public override string Title => "Node ws relay";

    public string NodeVersion => _node.NodeVersion;

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) => _node.PrepareAsync(cancellationToken);

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            [ServerSecrets.UrlVariable] = Secrets.SupabaseUrl,
            [ServerSecrets.SecretVariable] = Secrets.JwtSecret,
        };
        return _node.StartAsync(environment, cancellationToken);
    }
}
