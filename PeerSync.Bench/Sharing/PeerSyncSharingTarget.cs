using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>PeerSync itself, as an operator starts it, with the rate limits lifted.</summary>
internal sealed class PeerSyncSharingTarget(string engine, SharingDatabases databases, DotNetSettings settings, string path) : SharingTarget(engine)
{
    public override string Name => "peersync-" + Engine;

    public override string Title => Engine == "postgres" ? "PeerSync, PostgreSQL" : "PeerSync, SQLite";

    public override async Task<string?> PrepareAsync(CancellationToken cancellationToken) =>
        !File.Exists(path) ? $"{path} does not exist; name the server with --server"
        : Engine == "postgres" ? await databases.PreparePostgresAsync()
        : null;

    public override async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>();
        if (Engine == "postgres")
        {
            environment["DATABASE_URL"] = await databases.CreatePostgresAsync();
        }

        return await PeerSyncServer.StartAsync(path, databases.CreateFolder(), ownsData: true, settings, environment, cancellationToken);
    }
}
