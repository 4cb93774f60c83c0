using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>The load generator: starts the servers, measures, prints Markdown on standard output and progress on standard error.</summary>
internal static class LoadCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) =>
        MeasuringCommand.RunAsync(args, LoadOptions.Parse, LoadOptions.Usage, static options => TimeSpan.FromMinutes(options.LimitMinutes), MeasureAsync);

    private static async Task<int> MeasureAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Runtime;
        using var loops = new EventLoops(options.ClientThreads);
        var run = new LoadRun(options, loops.All, CreateTargets(options, settings), cancellationToken);
        IScenario<LoadRun>[] all =
        [
            new RelayScenario(),
            new LatencyScenario(),
            new ConnectScenario(options.Rounds, options.Connects, options.Concurrency),
            new MemoryScenario(options.MemoryRounds, options.Connections, options.Concurrency, options.Settle),
            new PresenceScenario(),
        ];
        return await ScenarioRunner.RunAsync(run, all.Where(scenario => options.Scenarios.Contains(scenario.Name)).ToArray(), settings);
    }

    private static List<ITarget> CreateTargets(LoadOptions options, DotNetSettings settings)
    {
        var secrets = ServerSecrets.Create();
        ITarget[] all =
        [
            new EchoTarget(secrets, settings),
            new PeerSyncTarget(secrets, settings, options.ServerPath),
            new SignalRTarget(secrets, settings),
            new WsRelayTarget(secrets, Repository.Root),
        ];
        return all.Where(target => options.Targets.Contains(target.Name)).ToList();
    }
}
