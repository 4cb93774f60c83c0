using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>What an idle, authenticated connection costs in memory, and in CPU for keeping it.</summary>
/// <param name="rounds">How often it is measured, each time with new processes.</param>
/// <param name="connections">Idle connections; as many as the limit of open files allows.</param>
/// <param name="concurrency">How many of them log in at a time.</param>
/// <param name="settle">Seconds after which memory is read a second time.</param>
internal sealed class MemoryScenario(int rounds, int connections, int concurrency, double settle) : IScenario<TargetRun>
{
    private const int WarmupConnections = 500;
    // Descriptors of a server or of the client that are not connections of the scenario.
    private const int ReservedFiles = 500;
    private readonly List<Sample> _samples = [];
    private int _connections;

    public string Name => "memory";

    public async Task RunAsync(TargetRun run)
    {
        // A server inherits the limit.
        var files = Libc.RaiseOpenFiles(connections + ReservedFiles);
        _connections = (int)Math.Min(connections, files - ReservedFiles);
        if (_connections < connections)
        {
            run.Faults.Add($"Memory was measured with {_connections} connections: the limit of open files is {files}.");
        }

        await run.ForEachAsync<ISocketTarget>(rounds, "memory", (target, round) => MeasureAsync(run, target, round));
    }

    public string Report(TargetRun run)
    {
        var later = string.Create(CultureInfo.InvariantCulture, $"after {settle} s");
        var table = new MarkdownTable(
            "Server", "RSS KB per connection, settled", $"RSS KB, {later}", $"Pss KB, {later}", "RSS MB before", "Server CPU ms per s while idle");
        foreach (var target in run.Targets)
        {
            var samples = _samples.Where(sample => sample.Target == target).ToArray();
            if (samples.Length == 0)
            {
                continue;
            }

            var idle = samples.Select(sample => sample.Idle).Where(usage => usage.Seconds > 0.1);
            table.Add(
                target.Title,
                PerConnection(samples, sample => sample.Settled.Resident - sample.Before.Resident),
                PerConnection(samples, sample => sample.Later.Resident - sample.Before.Resident),
                PerConnection(samples.Where(sample => sample.Later.Proportional > 0), sample => sample.Later.Proportional - sample.Before.Proportional),
                RangeOf.Of(samples.Select(sample => sample.Before.Resident / 1048576.0)).ToString("N0"),
                RangeOf.Of(idle.Select(usage => usage.ServerCpu / usage.Seconds * 1000)).ToString("F1"));
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Memory of idle connections: {_connections:N0} logged in, {rounds} rounds, 1 KB = 1,024 bytes");
        return table.ToString(title);
    }

    private string PerConnection(IEnumerable<Sample> samples, Func<Sample, long> bytes)
    {
        return RangeOf.Of(samples.Select(sample => bytes(sample) / 1024.0 / _connections)).ToString("F1");
    }

    private async Task MeasureAsync(TargetRun run, ISocketTarget target, int round)
    {
        await using var server = await target.StartAsync(run.Cancellation);
        await using (await ConnectionGroup.OpenAsync(run, target, server, WarmupConnections, concurrency))
        {
            // Opened and closed only: code, pools and thread stacks are then no part of the difference.
        }

        var before = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        await using var group = await ConnectionGroup.OpenAsync(run, target, server, _connections, concurrency);
        var settled = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var start = UsageSample.Take(server.Id);
        await Task.Delay(TimeSpan.FromSeconds(settle), run.Cancellation);
        var idle = start.Until(UsageSample.Take(server.Id));
        var later = ProcessMemory.Read(server.Id);
        group.EnsureOpen();
        _samples.Add(new Sample(target, before, settled, later, idle));
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"memory round {round + 1} {target.Name}: {(settled.Resident - before.Resident) / 1024.0 / _connections:F1} KB per connection, "
            + $"{(later.Resident - before.Resident) / 1024.0 / _connections:F1} KB after {settle} s"));
    }

    private sealed record Sample(ITarget Target, ProcessMemory Before, ProcessMemory Settled, ProcessMemory Later, Usage Idle);
}
