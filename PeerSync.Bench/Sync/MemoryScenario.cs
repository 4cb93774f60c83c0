using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>What an idle device that has logged in costs in memory: each round with a new process.</summary>
internal sealed class MemoryScenario : ISyncScenario
{
    private const int Rounds = 3;
    private const int WarmupDevices = 500;
    private const int ReservedFiles = 500;
    private const double LaterSeconds = 15;
    private readonly List<(ProcessMemory Before, ProcessMemory Settled, ProcessMemory Later)> _samples = [];

    public async Task RunAsync(SyncRun run)
    {
        // A server inherits the limit.
        if (Libc.RaiseOpenFiles(run.Options.Connections + ReservedFiles) < run.Options.Connections + ReservedFiles)
        {
            throw new InvalidOperationException($"The limit of open files does not allow {run.Options.Connections} connections.");
        }

        for (var round = 1; round <= Rounds; round++)
        {
            await using var server = await SyncServer.StartAsync(run.Options, run.Cancellation);
            await run.CloseAsync(await IdleDevices.OpenAsync(run, server.Process, IdleDevices.Create(WarmupDevices), run.Options.Concurrency));
            var users = IdleDevices.Create(run.Options.Connections);
            var before = await ProcessMemory.SettleAsync(server.Process.Id, run.Cancellation);
            var open = await IdleDevices.OpenAsync(run, server.Process, users, run.Options.Concurrency);
            var settled = await ProcessMemory.SettleAsync(server.Process.Id, run.Cancellation);
            await run.DelayAsync(LaterSeconds);
            _samples.Add((before, settled, ProcessMemory.Read(server.Process.Id)));
            await run.CloseAsync(open);
            run.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"memory round {round}: {(settled.Resident - before.Resident) / 1024.0 / open.Count:F1} KB per device, {(_samples[^1].Later.Resident - before.Resident) / 1024.0 / open.Count:F1} KB later"));
        }
    }

    public string Report(SyncRun run)
    {
        var table = new MarkdownTable("RSS KB per idle device, settled", $"after {LaterSeconds} s", "RSS MB before");
        if (_samples.Count > 0)
        {
            var devices = run.Options.Connections;
            table.Add(
                RangeOf.Of(_samples.Select(sample => (sample.Settled.Resident - sample.Before.Resident) / 1024.0 / devices)).ToString("F1"),
                RangeOf.Of(_samples.Select(sample => (sample.Later.Resident - sample.Before.Resident) / 1024.0 / devices)).ToString("F1"),
                RangeOf.Of(_samples.Select(sample => sample.Before.Resident / 1048576.0)).ToString("N0"));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture, $"Memory of idle devices: {run.Options.Connections:N0}, each of a user of its own, {Rounds} rounds, 1 KB = 1,024 bytes"));
    }
}
