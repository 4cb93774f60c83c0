using System.Globalization;
using PeerSync.Bench.Load.Measurement;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;

namespace PeerSync.Bench.Rooms;

/// <summary>Memory of the whole process with the users of a small installation, who chat. Each round with a new process.</summary>
internal sealed class FootprintScenario : IScenario<RoomsRun>
{
    private const int Users = 100;
    private const int Rooms = 30;
    private const double Rate = 100;
    private readonly List<(RoomTarget Target, ProcessMemory Before, ProcessMemory Busy, ProcessMemory Later)> _samples = [];

    public string Name => "memory";

    public Task RunAsync(RoomsRun run) => run.ForEachAsync(Name, (target, round) => MeasureAsync(run, target, round));

    public string Report(RoomsRun run)
    {
        var table = new MarkdownTable("Server", "RSS MB before", "RSS MB with everybody chatting", $"RSS MB, {run.Options.Settle} s later", "Pss MB then");
        foreach (var samples in _samples.GroupBy(sample => sample.Target))
        {
            table.Add(
                samples.Key.Title,
                RangeOf.Of(samples.Select(sample => Megabytes(sample.Before.Resident))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => Megabytes(sample.Busy.Resident))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => Megabytes(sample.Later.Resident))).ToString("F1"),
                RangeOf.Of(samples.Select(sample => Megabytes(sample.Later.Proportional))).ToString("F1"));
        }

        return table.ToString(string.Create(
            CultureInfo.InvariantCulture,
            $"Memory of the process: {Users} users in {Rooms} rooms, {Rate} chats a second for {run.Options.Settle} s, "
            + $"{run.Options.Rounds} rounds, 1 MB = 1,048,576 bytes"));
    }

    private static double Megabytes(long bytes) => bytes / 1048576.0;

    private async Task MeasureAsync(RoomsRun run, RoomTarget target, int round)
    {
        await using var server = await target.StartAsync(run.Cancellation);
        var before = await ProcessMemory.SettleAsync(server.Id, run.Cancellation);
        var credentials = ChatGroup.CreateCredentials(server, Rooms, Users);
        await using var connections = await ChatGroup.OpenAsync(run, target, server, credentials);
        var rooms = await ChatGroup.SpeakAsync(target, connections, credentials);
        await using var chats = new PacedLoad(run, rooms, Rate);
        await chats.StartAsync();
        await run.DelayAsync(run.Options.Settle);
        var busy = ProcessMemory.Read(server.Id);
        _ = await chats.FinishAsync();
        await run.DelayAsync(run.Options.Settle);
        var later = ProcessMemory.Read(server.Id);
        connections.EnsureOpen();
        _samples.Add((target, before, busy, later));
        run.Progress(string.Create(
            CultureInfo.InvariantCulture,
            $"memory round {round + 1} {target.Name}: {Megabytes(before.Resident):F1} MB before, "
            + $"{Megabytes(busy.Resident):F1} busy, {Megabytes(later.Resident):F1} later"));
    }
}
