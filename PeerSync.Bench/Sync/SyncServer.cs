using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>A server with data that outlive its restarts and are deleted at the end. On PostgreSQL the database keeps them.</summary>
internal sealed class SyncServer : IAsyncDisposable
{
    private readonly SyncOptions _options;
    private readonly string _data;

    private SyncServer(SyncOptions options, string data)
    {
        _options = options;
        _data = data;
        Process = null!;
    }

    public ServerProcess Process { get; private set; }

    public static async Task<SyncServer> StartAsync(SyncOptions options, CancellationToken cancellationToken)
    {
        var server = new SyncServer(options, Directory.CreateDirectory(Path.Combine(options.Folder, $"peersync-sync-{Guid.NewGuid():N}")).FullName);
        try
        {
            await server.LaunchAsync(cancellationToken);
            return server;
        }
        catch
        {
            Directory.Delete(server._data, recursive: true);
            throw;
        }
    }

    /// <summary>Ends the server as an operator does, and starts it again with the same data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Process.DisposeAsync();
        await LaunchAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string> { ["DATABASE_URL"] = _options.IsPostgres ? _options.PostgresUrl! : "" };
        Process = await PeerSyncServer.StartAsync(_options.ServerPath, _data, ownsData: false, _options.Runtime, environment, cancellationToken);
    }
}
