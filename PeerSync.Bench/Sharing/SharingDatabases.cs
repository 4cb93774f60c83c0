using System.Globalization;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sharing;

/// <summary>The databases of a run's servers: SQLite's files in a folder each, and those of one PostgreSQL server, whose commits reach the disk in both.</summary>
internal sealed class SharingDatabases(string folder) : IAsyncDisposable
{
    private PostgresCluster? _cluster;
    private int _databases;

    /// <summary>A new folder for a server's data.</summary>
    public string CreateFolder() => Directory.CreateDirectory(Path.Combine(folder, $"peersync-sharing-{Guid.NewGuid():N}")).FullName;

    /// <summary>Starts PostgreSQL, unless it runs.</summary>
    /// <returns>Why it cannot be, or null.</returns>
    public async Task<string?> PreparePostgresAsync()
    {
        if (PostgresBinaries.FindFolder() is not { } binaries)
        {
            return PostgresBinaries.Missing;
        }

        _cluster ??= await PostgresCluster.CreateAsync(binaries, isDurable: true);
        return null;
    }

    /// <summary>Makes an empty database on PostgreSQL, and returns its address.</summary>
    public async Task<string> CreatePostgresAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench_{++_databases}");
        await _cluster!.ExecuteAsync($"CREATE DATABASE {name}");
        return _cluster.UrlOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
