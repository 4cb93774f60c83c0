using System.Diagnostics;
using PeerSync.Bench.Crash;
using PeerSync.Bench.Load.Targets;
using PeerSync.Storage.Sqlite;
using PeerSync.Tests.Storage;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>
/// The server as a process of its own, killed and harmed under load: what it has acknowledged is there once, in order, without a gap, and reaches every device.
/// </summary>
/// <remarks>Nothing runs beside it: it takes the whole machine, and what others measure by the clock would suffer.</remarks>
[Collection(nameof(CrashTests))]
[CollectionDefinition(nameof(CrashTests), DisableParallelization = true)]
public sealed class CrashTests(PostgresFixture postgres) : IDisposable
{
    // So that a fault is seen by clients before a test has lost its patience.
    private const string ShortTimeouts = "peersync.storage { command-timeout = 1s, journal.write-timeout = 1s }";

    private readonly string _folder = Directory.CreateTempSubdirectory("peersync-crash-").FullName;

    static CrashTests() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => ServerProcess.KillAll();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Both engines are killed at the same time, because most of that time is waiting.
    [Fact]
    public async Task NothingAcknowledgedIsLostByKills()
    {
        var onSqlite = KillAsync("sqlite", 15, databaseUrl: null);
        try
        {
            // Skips the test where there is no PostgreSQL; by then the other half has passed.
            await KillAsync("postgres", 10, await postgres.CreateDatabaseAsync());
        }
        finally
        {
            await onSqlite;
        }
    }

    [Fact]
    public async Task ALostEventIsNoticed()
    {
        await using var run = await StartAsync(Options with { Patience = TimeSpan.FromSeconds(5) }, _folder);
        await run.Server.KillAsync();
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        Copy(_folder, copy);
        await run.Server.StartAsync(Cancel);

        // More than what the logins acknowledge that was stored before the copy.
        await run.AwaitProgressAsync(Cancel, events: 200);
        await run.Server.KillAsync();
        Copy(copy, _folder);
        await run.Server.StartAsync(Cancel);

        var report = await run.FinishAsync(Cancel);

        Assert.False(report.IsGood);
        Assert.Contains(report.Tally.Faults, fault => fault.StartsWith("LOST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AServerThatStandsStillGoesOn()
    {
        await using var run = await StartAsync(Options, _folder);
        await run.StandStillAsync(TimeSpan.FromSeconds(3), Cancel);
        await FinishAsync(run);
    }

    [Fact]
    public async Task ALockedFileIsOutlasted()
    {
        SqliteNative.EnsureLoaded();
        await using var run = await StartAsync(Options, _folder, settings: ShortTimeouts);
        using var other = SqliteConnections.OpenFile(Assert.Single(Directory.GetFiles(_folder, "*.db")));
        await OutlastAsync(
            run,
            () =>
            {
                SqliteConnections.Run(other, "BEGIN IMMEDIATE");
                return Task.CompletedTask;
            },
            () =>
            {
                SqliteConnections.Run(other, "ROLLBACK");
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task AFullDiskIsOutlasted()
    {
        await using var disk = await SmallDisk.MountAsync("64m");
        await using var run = await StartAsync(Options, disk.Folder, settings: ShortTimeouts);
        await OutlastAsync(
            run,
            () =>
            {
                disk.Fill();
                return Task.CompletedTask;
            },
            () =>
            {
                disk.Clear();
                return Task.CompletedTask;
            });
    }

    [Fact]
    public async Task ADiskThatRefusesWritesIsOutlasted()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Limits of a running process can be changed on Linux only.");
        }

        await using var run = await StartAsync(Options, _folder, settings: ShortTimeouts);
        await OutlastAsync(run, () => LimitFilesAsync(run.Server, "4096"), () => LimitFilesAsync(run.Server, "unlimited"));
    }

    [Fact]
    public async Task ARestartOfPostgresIsOutlasted()
    {
        await using var cluster = await PostgresFixture.CreateClusterAsync();
        await cluster.ExecuteAsync("CREATE DATABASE crash");
        await using var run = await StartAsync(Options, _folder, cluster.UrlOf("crash"), ShortTimeouts);
        await OutlastAsync(run, cluster.StopAsync, cluster.StartAsync);
    }

    private static CrashOptions Options { get; } = new() { Users = 2, Devices = 3, Rate = 100, SecondsBetween = (0, 0.4) };

    /// <summary>Harms what the server writes to, under load, and puts it right again; the server must tell its clients, and recover by itself.</summary>
    private static async Task OutlastAsync(CrashRun run, Func<Task> harm, Func<Task> repair)
    {
        await harm();
        await run.AwaitReadinessAsync(isReady: false, Cancel);
        await run.AwaitCodedClosesAsync(Cancel);
        await repair();
        await run.AwaitReadinessAsync(isReady: true, Cancel);
        await run.AwaitProgressAsync(Cancel);

        // What would be acknowledged while it cannot be durable does not outlive the process.
        await harm();
        await run.AwaitReadinessAsync(isReady: false, Cancel);
        await run.AwaitCodedClosesAsync(Cancel);
        await run.Server.KillAsync();
        await repair();
        await run.Server.StartAsync(Cancel);
        await run.AwaitProgressAsync(Cancel);
        await FinishAsync(run);
    }

    private static async Task<CrashRun> StartAsync(CrashOptions options, string folder, string? databaseUrl = null, string settings = "")
    {
        var run = await CrashRun.StartAsync(
            options with { PostgresUrl = databaseUrl }, new CrashServer(options.Server, folder, databaseUrl, settings), Cancel);
        return run;
    }

    private static async Task FinishAsync(CrashRun run)
    {
        var report = await run.FinishAsync(Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        Assert.True(report.IsGood, report.ToString());
        Assert.Equal(report.Tally.Acknowledged, report.Stored);
    }

    private static async Task LimitFilesAsync(CrashServer server, string limit)
    {
        // The process that was limited may be gone.
        if (!server.HasExited)
        {
            using var process = Process.Start("prlimit", ["--pid", $"{server.ProcessId}", $"--fsize={limit}:unlimited"]);
            await process.WaitForExitAsync(Cancel);
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    private async Task KillAsync(string engine, int kills, string? databaseUrl)
    {
        await using var run = await StartAsync(Options with { Kills = kills }, Directory.CreateDirectory(Path.Combine(_folder, engine)).FullName, databaseUrl);
        await run.KillRepeatedlyAsync(Cancel);
        await FinishAsync(run);
    }
}
