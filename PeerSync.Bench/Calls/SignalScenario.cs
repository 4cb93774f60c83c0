using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Targets;
using PeerSync.Bench.Rooms;

namespace PeerSync.Bench.Calls;

/// <summary>Candidates that the two devices of calls send each other.</summary>
internal sealed class SignalScenario : IScenario<CallsRun>
{
    private readonly List<Sample> _samples = [];

    public string Name => "signals";

    public async Task RunAsync(CallsRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync<ISocketTarget>(run.Options.Rounds, Name, (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(CallsRun run)
    {
        var table = new MarkdownTable("Server", "Window", "Signals/s", "Signals per server CPU s", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => (sample.Window, sample.Target)).OrderBy(group => group.Key.Window))
        {
            table.Add(
                samples.Key.Target.Title,
                samples.Key.Window.ToString(CultureInfo.InvariantCulture),
                RangeOf.Of(samples.Select(sample => sample.Figures.Messages / sample.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Figures.Messages / sample.Usage.ServerCpu)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Signals: {run.Options.Pairs} calls, both directions, candidates of {RoomContent.BareCandidate.Length} bytes, "
            + $"{run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private async Task MeasureAsync(CallsRun run, ServerPool pool, ISocketTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        await using var pairs = await PairGroup.OpenAsync(
            run, target, server, run.Options.Pairs, run.Options.Concurrency, static _ => RoomContent.BareCandidate);
        if (isNew)
        {
            await pairs.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        }

        foreach (var window in run.Options.Windows)
        {
            var figures = await pairs.MeasureAsync(run, server, window, run.Options.Warmup, run.Options.Seconds);
            _samples.Add(new Sample(target, window, figures));
            run.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"signals round {round + 1} {target.Name} window {window}: {figures.Messages / figures.Usage.Seconds:N0}/s, "
                + $"{figures.Messages / figures.Usage.ServerCpu:N0} per server CPU s"));
        }
    }

    private sealed record Sample(ITarget Target, int Window, LaneFigures Figures)
    {
        public Usage Usage => Figures.Usage;
    }
}
