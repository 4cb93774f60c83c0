using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Calls;

/// <summary>Measures the Calls feature beside calls of Socket.IO: starts the servers, prints Markdown on standard output and progress on standard error.</summary>
internal static class CallsCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args, CallsOptions.Parse, CallsOptions.Usage, static options => TimeSpan.FromMinutes(options.LimitMinutes), MeasureAsync);

    private static async Task<int> MeasureAsync(CallsOptions options, CancellationToken cancellationToken)
    {
        using var loops = new EventLoops(options.ClientThreads);
        var secret = ServerSecrets.Create().JwtSecret;
        CallsTarget[] targets = [new PeerSyncCallsTarget(secret, options.Runtime, options.ServerPath), new SocketIoCallsTarget(secret)];
        IScenario<CallsRun>[] scenarios =
        [
            new SignalScenario(),
            new ConnectScenario(options.Rounds, options.Connects, options.Concurrency),
            new MemoryScenario(options.Rounds, options.Connections, options.Concurrency, options.Settle),
        ];
        var run = new CallsRun(options, loops.All, targets.Where(target => options.Targets.Contains(target.Name)).ToArray(), cancellationToken);
        return await ScenarioRunner.RunAsync(run, scenarios.Where(scenario => options.Scenarios.Contains(scenario.Name)).ToArray(), options.Runtime);
    }
}
