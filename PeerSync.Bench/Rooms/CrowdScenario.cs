using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Rooms;

/// <summary>
/// Very many small rooms at the same time: how fast they fill, what a member costs in memory, and what they say to each other. Each round with a
/// new process.
/// </summary>
internal sealed class CrowdScenario : IScenario<RoomsRun>
{
    private const int RoomSize = 3;
    private const int WarmupMembers = 300;
    // One frame is enough where every speaker has one message in flight.
    private const int Burst = 1;
    private readonly List<Sample> _samples = [];
    private int _rooms;

    public string Name => "crowd";

    public async Task RunAsync(RoomsRun run)
    {
        _rooms = RoomsRun.AllowConnections(run.Options.Rooms * RoomSize) / RoomSize;
        if (_rooms < run.Options.Rooms)
        {
            run.Progress($"crowd: {_rooms} rooms instead of {run.Options.Rooms}, because the limit of open files allows no more");
        }

        await run.ForEachAsync(Name, (target, round) => MeasureAsync(run, target, round));
    }

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable(
            "Server",
            "Joins/s",
            "Server CPU µs per join",
            "RSS KB per member, settled",
            "RSS KB per member after the chats",
            "Deliveries/s",
            "Server CPU µs per delivery",
            "Client CPU s per s");
        foreach (var samples in _samples.GroupBy(sample => sample.Target))
        {
            table.Add(
                samples.Key.Title,
                RangeOf.Of(samples.Select(sample => sample.Members / sample.Joins.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Joins.ServerCpu / sample.Members * 1e6)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => Kilobytes(sample, sample.Settled))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => Kilobytes(sample, sample.Later))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => sample.Chats.Deliveries / sample.Chats.Usage.Seconds)).ToString("N0"),
                RangeOf.Of(samples.Select(sample => sample.Chats.Usage.ServerCpu / sample.Chats.Deliveries * 1e6)).ToString("F2"),
                ClientLoad.Describe(run, samples.Select(sample => sample.Chats.Usage)));
        }

        var limited = _rooms < run.Options.Rooms ? ", as many as the limit of open files allowed" : "";
        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"{_rooms:N0} rooms of {RoomSize}{limited}: {run.Options.Concurrency} joins at a time (connect, upgrade, enter), "
            + $"then one member of each room speaks with one message in flight, "
            + $"{run.Options.Rounds} rounds, 1 KB = 1,024 bytes"));
    }

    private static double Kilobytes(Sample sample, ProcessMemory memory) => (memory.Resident - sample.Before.Resident) / 1024.0 / sample.Members;

    private async Task MeasureAsync(RoomsRun run, RoomTarget target, int round)
    {
        await using var server = await target.StartAsync(run.Cancellation);
        await using (await ChatGroup.OpenAsync(run, target, server, ChatGroup.CreateCredentials(server, WarmupMembers / RoomSize, WarmupMembers)))
        {
            // Opened and closed only: code, pools and thread stacks are then no part of the difference.
        }

        var credentials = ChatGroup.CreateCredentials(server, _rooms, _rooms * RoomSize);
        var before = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var start = UsageSample.Take(server.Id);
        await using var connections = await ChatGroup.OpenAsync(run, target, server, credentials);
        var joins = start.Until(UsageSample.Take(server.Id));
        var settled = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var rooms = await ChatGroup.SpeakAsync(target, connections, credentials, Burst);
        var chats = await rooms.MeasureAsync(run, server, window: 1, run.Options.Warmup, run.Options.Seconds);
        connections.EnsureOpen();
        var sample = new Sample(target, credentials.Length, before, joins, settled, chats, await ProcessMemory.SettleAsync(server.Id, run.Cancellation));
        _samples.Add(sample);
        run.Measured.Add(joins);
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"crowd round {round + 1} {target.Name}: {sample.Members / joins.Seconds:N0} joins/s, {Kilobytes(sample, settled):F1} KB per member, "
            + $"{chats.Deliveries / chats.Usage.Seconds:N0} deliveries/s, {chats.Usage.ServerCpu / chats.Deliveries * 1e6:F2} µs server CPU each"));
    }

    private sealed record Sample(
        RoomTarget Target, int Members, ProcessMemory Before, Usage Joins, ProcessMemory Settled, LaneFigures Chats, ProcessMemory Later);
}
