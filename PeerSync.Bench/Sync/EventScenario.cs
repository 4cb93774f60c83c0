using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>Durable events a second and how long an acknowledgement takes: at full load, and at a fixed rate.</summary>
internal sealed class EventScenario(bool atFullLoad, bool atFixedRate) : ISyncScenario
{
    private readonly List<Sample> _samples = [];

    public async Task RunAsync(SyncRun run)
    {
        await using var server = await SyncServer.StartAsync(run.Options, run.Cancellation);
        SenderGroup[] groups =
        [
            await SenderGroup.OpenAsync(run, server.Process, run.Options.Devices, isPaired: false),
            await SenderGroup.OpenAsync(run, server.Process, run.Options.Devices, isPaired: true),
        ];
        foreach (var group in groups)
        {
            await MeasureClosedAsync(run, server.Process, group, run.Options.Warmup, 0);
        }

        for (var round = 1; round <= run.Options.Rounds; round++)
        {
            foreach (var group in groups)
            {
                var reached = 0.0;
                if (atFullLoad)
                {
                    var sample = await MeasureClosedAsync(run, server.Process, group, run.Options.Warmup / 4, run.Options.Seconds);
                    reached = sample.Rate;
                    Keep(run, sample, round);
                }

                if (atFixedRate)
                {
                    Keep(run, await MeasureOpenAsync(run, server.Process, group, run.Options.Rate ?? reached / 2), round);
                }
            }
        }

        foreach (var group in groups)
        {
            await group.CloseAsync();
        }
    }

    public string Report(SyncRun run)
    {
        var table = new MarkdownTable(
            "Load", "Acks/s", "Ack p50 ms", "Ack p99 ms", "Longest ms", "Acks per server CPU s", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => (sample.IsPaced, sample.Group)).OrderBy(group => group.Key.IsPaced))
        {
            table.Add(
                (samples.Key.IsPaced ? (run.Options.Rate is null ? "half of that: " : "fixed rate: ") : "full: ") + samples.Key.Group,
                RangeOf.Of(samples.Select(sample => sample.Rate)).ToString("N0"),
                Milliseconds(samples, latency => latency.Percentile(50)),
                Milliseconds(samples, latency => latency.Percentile(99)),
                Milliseconds(samples, latency => latency.Max),
                RangeOf.Of(samples.Select(sample => sample.Events / sample.Usage.ServerCpu)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(1, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Durable acknowledged events: {run.Options.Devices} devices, {run.Options.Size} characters of payload, {run.Options.Window} in flight each at full load, "
            + $"{run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private static string Milliseconds(IEnumerable<Sample> samples, Func<Histogram, long> nanoseconds) =>
        RangeOf.Of(samples.Select(sample => nanoseconds(sample.Latency) / 1e6)).ToString("F1");

    private static async Task<Sample> MeasureClosedAsync(SyncRun run, ServerProcess server, SenderGroup group, double warmup, double seconds)
    {
        var load = new EventLoad(run.Loop, group.Devices);
        return await MeasureAsync(run, server, group, load, () => load.StartClosed(run.Options.Window), warmup, seconds, isPaced: false);
    }

    private static async Task<Sample> MeasureOpenAsync(SyncRun run, ServerProcess server, SenderGroup group, double rate)
    {
        var load = new EventLoad(run.Loop, group.Devices);
        var sample = await MeasureAsync(run, server, group, load, () => load.StartOpen(rate), run.Options.Warmup / 4, run.Options.Seconds, isPaced: true);
        return load.HasFallenBehind ? throw new InvalidOperationException($"The server cannot keep up with {rate:N0} events/s.") : sample;
    }

    private static async Task<Sample> MeasureAsync(
        SyncRun run, ServerProcess server, SenderGroup group, EventLoad load, Action start, double warmup, double seconds, bool isPaced)
    {
        await run.Loop.InvokeAsync(start);
        await run.DelayAsync(warmup);
        await run.Loop.InvokeAsync(load.StartRecording);
        var before = (Usage: UsageSample.Take(server.Id), load.Acknowledged);
        await run.DelayAsync(seconds);
        var after = (Usage: UsageSample.Take(server.Id), load.Acknowledged);
        await run.Loop.InvokeAsync(load.Dispose);
        await group.SettleAsync();
        return new Sample(group.Title, isPaced, after.Acknowledged - before.Acknowledged, before.Usage.Until(after.Usage), load.Latency);
    }

    private void Keep(SyncRun run, Sample sample, int round)
    {
        _samples.Add(sample);
        run.Measured.Add(sample.Usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"{(sample.IsPaced ? "latency" : "acks")} round {round}, {sample.Group}: {sample.Rate:N0} acks/s, p50 {sample.Latency.Percentile(50) / 1e6:F1} ms, "
            + $"p99 {sample.Latency.Percentile(99) / 1e6:F1} ms, {sample.Events / sample.Usage.ServerCpu:N0} per server CPU s"));
    }

    private sealed record Sample(string Group, bool IsPaced, long Events, Usage Usage, Histogram Latency)
    {
        public double Rate => Events / Usage.Seconds;
    }
}
