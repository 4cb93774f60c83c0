using PeerSync.Bench.Load.Targets;
using PeerSync.Tests.TestKit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace PeerSync.Tests.TestKit;

/// <summary>One PostgreSQL server for the whole test run, started by the first test that asks for a database, and stopped at the end.</summary>
/// <remarks>A test class takes it as a constructor parameter. Thread-safe.</remarks>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private PostgresCluster? _cluster;
    private int _databases;

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its address, in the form of DATABASE_URL. The calling test is skipped where PostgreSQL is not installed.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var cluster = await GetClusterAsync();
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await cluster.ExecuteAsync($"CREATE DATABASE {name}");
        return cluster.UrlOf(name);
    }

    /// <summary>Starts a server of the calling test's own, which is skipped where PostgreSQL is not installed.</summary>
    internal static async Task<PostgresCluster> CreateClusterAsync()
    {
        var binaries = PostgresBinaries.FindFolder();
        if (binaries is null)
        {
            Assert.Skip(PostgresBinaries.Missing);
        }

        return await PostgresCluster.CreateAsync(binaries, isDurable: false);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<PostgresCluster> GetClusterAsync()
    {
        await _starting.WaitAsync();
        try
        {
            return _cluster ??= await CreateClusterAsync();
        }
        finally
        {
            _starting.Release();
        }
    }
}
