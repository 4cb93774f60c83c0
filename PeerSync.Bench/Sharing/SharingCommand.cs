using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sharing;

/// <summary>
/// Measures authenticated requests to the Sharing feature beside the same routes in Node: starts the servers and PostgreSQL, prints Markdown on standard
/// output and progress on standard error.
/// </summary>
internal static class SharingCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args, SharingOptions.Parse, SharingOptions.Usage, static options => TimeSpan.FromMinutes(options.LimitMinutes), MeasureAsync);

    private static async Task<int> MeasureAsync(SharingOptions options, CancellationToken cancellationToken)
    {
        using var loops = new EventLoops(options.ClientThreads);
        await using var databases = new SharingDatabases(options.Folder);
        SharingTarget[] targets =
        [
            new PeerSyncSharingTarget("sqlite", databases, options.Runtime, options.ServerPath),
            new NodeSharingTarget("sqlite", databases),
            new PeerSyncSharingTarget("postgres", databases, options.Runtime, options.ServerPath),
            new NodeSharingTarget("postgres", databases),
        ];
        var run = new SharingRun(options, loops.All, targets.Where(target => options.Targets.Contains(target.Name)).ToArray(), cancellationToken);
        return await ScenarioRunner.RunAsync(run, [new RequestScenario(options.Scenarios)], options.Runtime);
    }
}
