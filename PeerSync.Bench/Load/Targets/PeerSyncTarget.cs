namespace PeerSync.Bench.Load.Targets;

/// <summary>PeerSync itself, as an operator starts it, with the rate limits lifted.</summary>
internal sealed class PeerSyncTarget(ServerSecrets secrets, DotNetSettings settings, string path) : PeersTarget(secrets)
{
    public override string Name => "peersync";

    public override string Title => "PeerSync";

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        return Task.FromResult(File.Exists(path) ? null : $"{path} does not exist; name the server with --server");
    }

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>
        {
            [ServerSecrets.UrlVariable] = Secrets.SupabaseUrl,
            [ServerSecrets.SecretVariable] = Secrets.JwtSecret,
        };
        return PeerSyncServer.StartAsync(path, PeerSyncServer.CreateDataFolder(), ownsData: true, settings, environment, cancellationToken);
    }
}
