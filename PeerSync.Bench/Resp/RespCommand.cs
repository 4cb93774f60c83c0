using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Resp;

/// <summary>
/// Measures Sharing's RESP listener beside redis-server: starts the servers, prints Markdown on standard output and progress on standard error.
/// </summary>
internal static class RespCommand
{
    // Descriptors of a server or of the client that are not subscribers.
    private const int ReservedFiles = 500;

    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args, RespOptions.Parse, RespOptions.Usage, static options => TimeSpan.FromMinutes(options.LimitMinutes), MeasureAsync);

    private static async Task<int> MeasureAsync(RespOptions options, CancellationToken cancellationToken)
    {
        // A server inherits the limit.
        var files = Libc.RaiseOpenFiles(options.Subscribers + ReservedFiles);
        var subscribers = (int)Math.Min(options.Subscribers, files - ReservedFiles);
        RespTarget[] targets = [new PeerSyncRespTarget(options.Runtime, options.ServerPath), new RedisTarget(subscribers + (ReservedFiles / 2))];
        IScenario<RespRun>[] scenarios = [new SubscriberMemoryScenario(), new FanOutScenario()];
        var run = new RespRun(options, subscribers, targets.Where(target => options.Targets.Contains(target.Name)).ToArray(), cancellationToken);
        if (subscribers < options.Subscribers)
        {
            run.Faults.Add($"It was measured with {subscribers} subscribers: the limit of open files is {files}.");
        }

        return await ScenarioRunner.RunAsync(run, scenarios.Where(scenario => options.Scenarios.Contains(scenario.Name)).ToArray(), options.Runtime);
    }
}
