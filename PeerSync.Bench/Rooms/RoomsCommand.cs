using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Rooms;

/// <summary>Measures the Rooms feature beside rooms of Socket.IO: starts the servers, prints Markdown on standard output and progress on standard error.</summary>
internal static class RoomsCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args, RoomsOptions.Parse, RoomsOptions.Usage, static options => TimeSpan.FromMinutes(options.LimitMinutes), MeasureAsync);

    private static async Task<int> MeasureAsync(RoomsOptions options, CancellationToken cancellationToken)
    {
        using var loops = new EventLoops(options.ClientThreads);
        RoomTarget[] targets = [new PeerSyncRoomTarget(options.Runtime, options.ServerPath), new SocketIoTarget()];
        IScenario<RoomsRun>[] scenarios =
        [
            new SignalScenario(),
            new BroadcastScenario(),
            new CrowdScenario(),
            new MoveScenario(),
            new FootprintScenario(),
            new AbuseScenario(),
        ];
        var run = new RoomsRun(options, loops.All, targets.Where(target => options.Targets.Contains(target.Name)).ToArray(), cancellationToken);
        return await ScenarioRunner.RunAsync(run, scenarios.Where(scenario => options.Scenarios.Contains(scenario.Name)).ToArray(), options.Runtime);
    }
}
