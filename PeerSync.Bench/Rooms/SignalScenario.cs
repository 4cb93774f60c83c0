using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Rooms;

/// <summary>Signals from member to member, in rooms of two: candidates, and in one of eight pairs session descriptions.</summary>
internal sealed class SignalScenario : IScenario<RoomsRun>
{
    private const int PairsPerDescription = 8;
    private readonly List<Sample> _samples = [];

    public string Name => "signals";

    public async Task RunAsync(RoomsRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync(Name, (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable(
            "Server", "Window", "Signals/s", "Descriptions among them, %", "Signals per server CPU s", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => (sample.Window, sample.Target)).OrderBy(group => group.Key.Window))
        {
            table.Add(
                samples.Key.Target.Title,
                samples.Key.Window.ToString(CultureInfo.InvariantCulture),
                RangeOf.Of(samples.Select(sample => sample.Figures.Messages / sample.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => 100 * sample.DescriptionShare)).ToString("F1"),
                RangeOf.Of(samples.Select(sample => sample.Figures.Messages / sample.Usage.ServerCpu)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Signals: {run.Options.Pairs} rooms of 2, both directions, one pair in {PairsPerDescription} with descriptions of "
            + $"{RoomContent.Description.Length:N0} bytes, "
            + $"the others with candidates of {RoomContent.Candidate.Length}, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private async Task MeasureAsync(RoomsRun run, ServerPool pool, RoomTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        await using var pairs = await PairGroup.OpenAsync(
            run, target, server, run.Options.Pairs, run.Options.Concurrency, i => IsDescribing(i) ? RoomContent.Description : RoomContent.Candidate);
        if (isNew)
        {
            await pairs.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        }

        foreach (var window in run.Options.Windows)
        {
            var before = Received(pairs);
            var figures = await pairs.MeasureAsync(run, server, window, run.Options.Warmup, run.Options.Seconds);
            var after = Received(pairs);
            var share = (double)(after.Descriptions - before.Descriptions) / (after.All - before.All);
            _samples.Add(new Sample(target, window, figures, share));
            run.Progress(string.Create(
                CultureInfo.InvariantCulture,
                $"signals round {round + 1} {target.Name} window {window}: {figures.Messages / figures.Usage.Seconds:N0}/s, "
                + $"{figures.Messages / figures.Usage.ServerCpu:N0} per server CPU s"));
        }
    }

    private static bool IsDescribing(int pair) => pair % PairsPerDescription == 0;

    // Every pair has two lanes that follow each other.
    private static (long All, long Descriptions) Received(LaneGroup pairs) => (
        pairs.ByLoop.Sum(lanes => lanes.Sum(lane => lane.Received)),
        pairs.ByLoop.Sum(lanes => lanes.Where((_, i) => IsDescribing(i / 2)).Sum(lane => lane.Received)));

    private sealed record Sample(RoomTarget Target, int Window, LaneFigures Figures, double DescriptionShare)
    {
        public Usage Usage => Figures.Usage;
    }
}
