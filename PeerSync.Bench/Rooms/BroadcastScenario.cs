using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Rooms;

/// <summary>One room with many members: each chat goes to all of them.</summary>
internal sealed class BroadcastScenario : IScenario<RoomsRun>
{
    private const int Window = 8;
    private readonly List<(RoomTarget Target, LaneFigures Figures)> _samples = [];

    public string Name => "broadcast";

    public async Task RunAsync(RoomsRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync(Name, (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable("Server", "Deliveries/s", "Server CPU µs per delivery", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => sample.Target, sample => sample.Figures))
        {
            table.Add(
                samples.Key.Title,
                RangeOf.Of(samples.Select(figures => figures.Deliveries / figures.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(figures => figures.Usage.ServerCpu / figures.Deliveries * 1e6)).ToString("F2"),
                RangeOf.Of(samples.Select(figures => figures.Usage.ServerCpu / figures.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(figures => figures.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Chat in one room of {run.Options.Members:N0}: one member speaks, {Window} messages in flight, {RoomContent.Chat.Length} bytes of data, "
            + $"{run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private async Task MeasureAsync(RoomsRun run, ServerPool pool, RoomTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        var credentials = ChatGroup.CreateCredentials(server, rooms: 1, run.Options.Members);
        await using var connections = await ChatGroup.OpenAsync(run, target, server, credentials);
        var room = await ChatGroup.SpeakAsync(target, connections, credentials);
        if (isNew)
        {
            await room.WarmUpAsync(run.Options.FirstWarmup, run.Cancellation);
        }

        var figures = await room.MeasureAsync(run, server, Window, run.Options.Warmup, run.Options.Seconds);
        _samples.Add((target, figures));
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"broadcast round {round + 1} {target.Name}: {figures.Deliveries / figures.Usage.Seconds:N0} deliveries/s, "
            + $"{figures.Usage.ServerCpu / figures.Deliveries * 1e6:F2} µs server CPU each"));
    }
}
