using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>How long a relayed message takes when they come at a fixed rate.</summary>
internal sealed class LatencyScenario : IScenario<LoadRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "latency";

    public async Task RunAsync(LoadRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync<ISocketTarget>(run.Options.Rounds, "latency", (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(LoadRun run)
    {
        var table = new MarkdownTable(
            "Server", "p50 µs", "p99 µs", "p99.9 µs", "Largest µs", "Client's own delay p99 µs", "Server CPU s per s", "Client CPU s per s");
        foreach (var target in run.Targets)
        {
            var samples = _samples.Where(sample => sample.Target == target).ToArray();
            if (samples.Length == 0)
            {
                continue;
            }

            table.Add(
                target.Title,
                Microseconds(samples, sample => sample.Latency.Percentile(50)),
                Microseconds(samples, sample => sample.Latency.Percentile(99)),
                Microseconds(samples, sample => sample.Latency.Percentile(99.9)),
                Microseconds(samples, sample => sample.Latency.Max),
                Microseconds(samples, sample => sample.Delay.Percentile(99)),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(sample => sample.Usage)));
        }

        var title = string.Create(
            CultureInfo.InvariantCulture,
            $"Latency at {run.Options.Rate:N0} messages/s: {run.Options.Pairs} pairs, both directions, "
            + $"{run.Options.Size} characters, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds");
        return table.ToString(title);
    }

    private static string Microseconds(IEnumerable<Sample> samples, Func<Sample, long> nanoseconds)
    {
        return RangeOf.Of(samples.Select(sample => nanoseconds(sample) / 1000.0)).ToString("N0");
    }

    private async Task MeasureAsync(LoadRun run, ServerPool pool, ISocketTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        await using var pairs = await PairGroup.OpenAsync(run, target, server);
        if (isNew)
        {
            await pairs.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        }

        await using var load = new PacedLoad(run, pairs, run.Options.Rate);
        await load.StartAsync();
        await run.DelayAsync(run.Options.Warmup);
        await load.StartRecordingAsync();
        var start = UsageSample.Take(server.Id);
        await run.DelayAsync(run.Options.Seconds);
        var usage = start.Until(UsageSample.Take(server.Id));
        var (latency, delay) = await load.FinishAsync();
        _samples.Add(new Sample(target, latency, delay, usage));
        run.Measured.Add(usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"latency round {round + 1} {target.Name}: {latency.Count:N0} messages, p50 {latency.Percentile(50) / 1000} µs, "
            + $"p99 {latency.Percentile(99) / 1000} µs, p99.9 {latency.Percentile(99.9) / 1000} µs"));
    }

    private sealed record Sample(ITarget Target, Histogram Latency, Histogram Delay, Usage Usage);
}
