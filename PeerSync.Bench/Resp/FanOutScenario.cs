using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Resp;

/// <summary>How long one event takes to all subscribers, one event after the other.</summary>
internal sealed class FanOutScenario : IScenario<RespRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "fanout";

    public Task RunAsync(RespRun run) => run.ForEachAsync(Name, (target, round) => MeasureAsync(run, target, round));

    public string Report(RespRun run)
    {
        var table = new MarkdownTable(
            "Server",
            "ms until the last has it, median",
            "p99",
            "ms from the first to the last, median",
            "deliveries a second meanwhile",
            "deliveries per server CPU second",
            "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(static sample => sample.Target))
        {
            var deliveries = (double)run.Subscribers * run.Options.Events;
            table.Add(
                samples.Key.Title,
                RangeOf.Of(samples.Select(static sample => Percentile(sample.UntilLast, 0.5))).ToString("F1"),
                RangeOf.Of(samples.Select(static sample => Percentile(sample.UntilLast, 0.99))).ToString("F1"),
                RangeOf.Of(samples.Select(static sample => Percentile(sample.Spread, 0.5))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => run.Subscribers / Percentile(sample.UntilLast, 0.5) * 1000)).ToString("N0"),
                RangeOf.Of(samples.Where(static sample => sample.Usage.ServerCpu > 0).Select(sample => deliveries / sample.Usage.ServerCpu)).ToString("N0"),
                RangeOf.Of(samples.Select(static sample => sample.Usage.ClientCpu / sample.Usage.Seconds)).ToString("F2"));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"One event to {run.Subscribers:N0} subscribers, {run.Options.Events} events one after the other, {run.Options.Rounds} rounds. "
            + $"PeerSync's time includes the HTTP request and the commit that cause the event"));
    }

    private static double Percentile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private async Task MeasureAsync(RespRun run, RespTarget target, int round)
    {
        var options = run.Options;
        await using var server = await target.StartAsync(run.Cancellation);
        await using var subscribers = await RespSubscribers.OpenAsync(target, server, run.Subscribers, options.Concurrency, run.Cancellation);
        await using var publisher = await target.OpenPublisherAsync(server, run.Cancellation);
        for (var i = 0; i < options.Warmup; i++)
        {
            await subscribers.MeasureAsync(publisher, run.Cancellation);
        }

        var untilLast = new double[options.Events];
        var spread = new double[options.Events];
        var start = UsageSample.Take(server.Id);
        for (var i = 0; i < options.Events; i++)
        {
            var (first, last) = await subscribers.MeasureAsync(publisher, run.Cancellation);
            untilLast[i] = last.TotalMilliseconds;
            spread[i] = (last - first).TotalMilliseconds;
        }

        var usage = start.Until(UsageSample.Take(server.Id));
        subscribers.EnsureOpen();
        Array.Sort(untilLast);
        Array.Sort(spread);
        run.Measured.Add(usage);
        _samples.Add(new Sample(target, untilLast, spread, usage));
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"fanout round {round + 1} {target.Name}: {Percentile(untilLast, 0.5):F1} ms until the last has it, p99 {Percentile(untilLast, 0.99):F1} ms"));
    }

    private sealed record Sample(RespTarget Target, double[] UntilLast, double[] Spread, Usage Usage);
}
