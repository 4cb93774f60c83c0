using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Rooms;

/// <summary>What a pair that signals at a fixed rate feels while somebody opens and drops sockets all the time. Each round with a new process.</summary>
internal sealed class AbuseScenario : IScenario<RoomsRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "abuse";

    public Task RunAsync(RoomsRun run) => run.ForEachAsync(Name, (target, round) => MeasureAsync(run, target, round));

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable(
            "Server",
            "p99 ms alone",
            "Longest ms alone",
            "p99 ms under abuse",
            "Longest ms under abuse",
            "Client's own delay p99 ms",
            "Sockets refused",
            "RSS MB before",
            "RSS MB at its end",
            "RSS MB settled",
            "Server CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => sample.Target))
        {
            table.Add(
                samples.Key.Title,
                Milliseconds(samples, sample => sample.Alone.Percentile(99)),
                Milliseconds(samples, sample => sample.Alone.Max),
                Milliseconds(samples, sample => sample.Abused.Percentile(99)),
                Milliseconds(samples, sample => sample.Abused.Max),
                Milliseconds(samples, sample => sample.Delay.Percentile(99)),
                RangeOf.Of(samples.Select(sample => (double)sample.Refused)).ToString("N0"),
                Megabytes(samples, sample => sample.Before),
                Megabytes(samples, sample => sample.AtEnd),
                Megabytes(samples, sample => sample.Settled),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Abuse: {run.Options.Abusers:N0} sockets opened and dropped in {run.Options.AbuseSeconds} s, "
            + $"beside a pair with {run.Options.Rate:N0} signals/s, {run.Options.Rounds} rounds"));
    }

    private static string Milliseconds(IEnumerable<Sample> samples, Func<Sample, long> nanoseconds) =>
        RangeOf.Of(samples.Select(sample => nanoseconds(sample) / 1e6)).ToString("F2");

    private static string Megabytes(IEnumerable<Sample> samples, Func<Sample, ProcessMemory> memory) =>
        RangeOf.Of(samples.Select(sample => memory(sample).Resident / 1048576.0)).ToString("F1");

    private async Task MeasureAsync(RoomsRun run, RoomTarget target, int round)
    {
        await using var server = await target.StartAsync(run.Cancellation);
        await using var pair = await PairGroup.OpenAsync(run, target, server, count: 1, concurrency: 2 * run.Loops.Count, _ => RoomContent.Candidate);
        await pair.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        var (alone, _) = await MeasureLatencyAsync(run, pair, () => run.DelayAsync(run.Options.Seconds));
        var before = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);

        using var loop = new EventLoop(run.Loops.Count);
        var abusers = new Abusers(loop, target, server);
        var start = UsageSample.Take(server.Id);
        var (abused, delay) = await MeasureLatencyAsync(run, pair, () => abusers.RunAsync(run.Options.Abusers, run.Options.AbuseSeconds, run.Cancellation));
        var usage = start.Until(UsageSample.Take(server.Id));
        var atEnd = ProcessMemory.Read(server.Id);
        var settled = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var sample = new Sample(target, alone, abused, delay, abusers.Refused, before, atEnd, settled, usage);
        _samples.Add(sample);
        run.Measured.Add(usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"abuse round {round + 1} {target.Name}: p99 {alone.Percentile(99) / 1e6:F2} ms alone, {abused.Percentile(99) / 1e6:F2} under abuse, "
            + $"longest {abused.Max / 1e6:F2}, "
            + $"{sample.Refused} refused, {before.Resident / 1048576.0:F1} MB before, {settled.Resident / 1048576.0:F1} after"));
    }

    private static async Task<(Histogram Latency, Histogram Delay)> MeasureLatencyAsync(RoomsRun run, LaneGroup pair, Func<Task> meanwhile)
    {
        await using var load = new PacedLoad(run, pair, run.Options.Rate);
        await load.StartAsync();
        await load.StartRecordingAsync();
        await meanwhile();
        return await load.FinishAsync();
    }

    private sealed record Sample(
        RoomTarget Target,
        Histogram Alone,
        Histogram Abused,
        Histogram Delay,
        int Refused,
        ProcessMemory Before,
        ProcessMemory AtEnd,
        ProcessMemory Settled,
        Usage Usage);
}
