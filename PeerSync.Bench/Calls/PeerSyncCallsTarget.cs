using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Calls;

/// <summary>PeerSync itself, as an operator starts it, with the rate limits lifted, those of joins and events too.</summary>
internal sealed class PeerSyncCallsTarget(string secret, DotNetSettings settings, string path) : CallsTarget(secret)
{
    public override string Name => "peersync";

    public override string Title => "PeerSync";

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(path) ? null : $"{path} does not exist; name the server with --server");

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken) => PeerSyncServer.StartAsync(
        path,
        PeerSyncServer.CreateDataFolder(),
        ownsData: true,
        settings,
        new Dictionary<string, string> { [SecretVariable] = Secret },
        cancellationToken);
}
