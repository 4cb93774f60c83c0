using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Resp;

/// <summary>What an idle subscriber costs in memory, and in CPU for keeping it. Each round with new processes.</summary>
internal sealed class SubscriberMemoryScenario : IScenario<RespRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "memory";

    public Task RunAsync(RespRun run) => run.ForEachAsync(Name, (target, round) => MeasureAsync(run, target, round));

    public string Report(RespRun run)
    {
        var later = string.Create(CultureInfo.InvariantCulture, $"after {run.Options.Settle} s");
        var table = new MarkdownTable(
            "Server",
            "RSS KB per subscriber, settled",
            $"RSS KB, {later}",
            $"Pss KB, {later}",
            "RSS MB before",
            $"RSS MB, {later}",
            "Server CPU ms per s while idle");
        foreach (var samples in _samples.GroupBy(static sample => sample.Target))
        {
            table.Add(
                samples.Key.Title,
                PerSubscriber(run, samples, static sample => sample.Settled.Resident - sample.Before.Resident),
                PerSubscriber(run, samples, static sample => sample.Later.Resident - sample.Before.Resident),
                PerSubscriber(run, samples.Where(static sample => sample.Later.Proportional > 0), static sample => sample.Later.Proportional - sample.Before.Proportional),
                Megabytes(samples, static sample => sample.Before.Resident),
                Megabytes(samples, static sample => sample.Later.Resident),
                RangeOf.Of(samples.Select(static sample => sample.Idle.ServerCpu / sample.Idle.Seconds * 1000)).ToString("F1"));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture, $"Memory of idle subscribers: {run.Subscribers:N0}, {run.Options.Rounds} rounds, 1 KB = 1,024 bytes"));
    }

    private static string PerSubscriber(RespRun run, IEnumerable<Sample> samples, Func<Sample, long> bytes) =>
        RangeOf.Of(samples.Select(sample => bytes(sample) / 1024.0 / run.Subscribers)).ToString("F1");

    private static string Megabytes(IEnumerable<Sample> samples, Func<Sample, long> bytes) =>
        RangeOf.Of(samples.Select(sample => bytes(sample) / 1048576.0)).ToString("N0");

    private async Task MeasureAsync(RespRun run, RespTarget target, int round)
    {
        var options = run.Options;
        await using var server = await target.StartAsync(run.Cancellation);
        await using (await RespSubscribers.OpenAsync(target, server, Math.Min(500, run.Subscribers), options.Concurrency, run.Cancellation))
        {
            // Opened and closed only: code, pools and thread stacks are then no part of the difference.
        }

        var before = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        await using var subscribers = await RespSubscribers.OpenAsync(target, server, run.Subscribers, options.Concurrency, run.Cancellation);
        var settled = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var start = UsageSample.Take(server.Id);
        await run.DelayAsync(options.Settle);
        var idle = start.Until(UsageSample.Take(server.Id));
        var later = ProcessMemory.Read(server.Id);
        subscribers.EnsureOpen();
        run.Measured.Add(idle);
        _samples.Add(new Sample(target, before, settled, later, idle));
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"memory round {round + 1} {target.Name}: {(settled.Resident - before.Resident) / 1024.0 / run.Subscribers:F1} KB per subscriber, "
            + $"{(later.Resident - before.Resident) / 1024.0 / run.Subscribers:F1} KB after {options.Settle} s"));
    }

    private sealed record Sample(RespTarget Target, ProcessMemory Before, ProcessMemory Settled, ProcessMemory Later, Usage Idle);
}
