using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>The same routes as one writes them in Node with Hono, which the original was written with.</summary>
internal sealed class NodeSharingTarget(string engine, SharingDatabases databases) : SharingTarget(engine), INodeTarget
{
    private readonly NodeServer _node = new(
        Repository.Root, "sharing.mjs", ("hono", 4), ("@hono/node-server", 2), engine == "postgres" ? ("pg", 8) : ("better-sqlite3", 12));

    public override string Name => "node-" + Engine;

    public override string Title => Engine == "postgres" ? "Node Hono, PostgreSQL" : "Node Hono, SQLite";

    public string NodeVersion => _node.NodeVersion;

    public override async Task<string?> PrepareAsync(CancellationToken cancellationToken) =>
        await _node.PrepareAsync(cancellationToken) ?? (Engine == "postgres" ? await databases.PreparePostgresAsync() : null);

    public override async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["JWT_SECRET"] = ServerSecrets.Create().JwtSecret };
        string? folder = null;
        if (Engine == "postgres")
        {
            environment["DATABASE_URL"] = await databases.CreatePostgresAsync();
        }
        else
        {
            folder = databases.CreateFolder();
            environment["DATABASE_FILE"] = Path.Combine(folder, "sharing.db");
        }

        return await _node.StartAsync(environment, cancellationToken, folder);
    }
}
