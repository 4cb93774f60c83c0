using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Rooms;

/// <summary>How fast members leave one room and enter another, over sockets that are open; everybody there is told.</summary>
internal sealed class MoveScenario : IScenario<RoomsRun>
{
    private const int MembersPerRoom = 3;
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(10);
    private readonly List<(RoomTarget Target, long Moves, Usage Usage)> _samples = [];

    public string Name => "moves";

    public async Task RunAsync(RoomsRun run)
    {
        await using var pool = new ServerPool();
        await run.ForEachAsync(Name, (target, round) => MeasureAsync(run, pool, target, round));
    }

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable("Server", "Joins and as many leaves/s", "Server CPU µs per join and leave", "Server CPU s per s", "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => sample.Target))
        {
            table.Add(
                samples.Key.Title,
                RangeOf.Of(samples.Select(sample => sample.Moves / sample.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Moves * 1e6)).ToString("F1"),
                RangeOf.Of(samples.Select(sample => sample.Usage.ServerCpu / sample.Usage.Seconds)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(sample => sample.Usage)));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Joins and leaves: {run.Options.Movers} members between {2 * Rooms(run)} rooms, {run.Options.Seconds} s a round, {run.Options.Rounds} rounds"));
    }

    private static int Rooms(RoomsRun run) => Math.Max(1, run.Options.Movers / MembersPerRoom);

    private async Task MeasureAsync(RoomsRun run, ServerPool pool, RoomTarget target, int round)
    {
        var (server, isNew) = await pool.GetAsync(target, run.Cancellation);
        var credentials = ConnectionGroup.CreateCredentials(target, server, run.Options.Movers);
        await using var connections = await ChatGroup.OpenAsync(run, target, server, credentials);
        var rooms = Rooms(run);
        var movers = new List<Mover>[run.Loops.Count];
        await connections.OnEachLoopAsync(
            loop =>
            {
                // The two halves of the rooms are met by different members.
                movers[loop] = connections.ByLoop[loop]
                    .Select((connection, i) => new Mover(target, connection, $"left-{loop}-{i % rooms}", $"right-{loop}-{i * 7 % rooms}"))
                    .ToList();
                movers[loop].ForEach(mover => mover.Start());
            },
            StepLimit,
            "starting");
        await run.DelayAsync(isNew ? run.Options.FirstWarmup.TotalSeconds : run.Options.Warmup);
        var all = movers.SelectMany(list => list).ToArray();
        var moves = all.Sum(mover => mover.Moves);
        var start = UsageSample.Take(server.Id);
        await run.DelayAsync(run.Options.Seconds);
        moves = all.Sum(mover => mover.Moves) - moves;
        var usage = start.Until(UsageSample.Take(server.Id));
        await connections.OnEachLoopAsync(
            async loop =>
            {
                movers[loop].ForEach(mover => mover.Stop());
                while (movers[loop].Exists(mover => mover.IsMoving))
                {
                    await Task.Delay(5);
                }
            },
            StepLimit,
            "stopping: an answer to everybody who enters");
        connections.EnsureOpen();
        _samples.Add((target, moves, usage));
        run.Measured.Add(usage);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"moves round {round + 1} {target.Name}: {moves / usage.Seconds:N0}/s, {usage.ServerCpu / moves * 1e6:F1} µs server CPU each"));
    }
}
