using PeerSync.Bench.Load.Reporting;
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
        var secrets = ServerSecrets.Create();
        var settings = new DotNetSettings(options.IsServerGc);
        var loops = Enumerable.Range(0, options.ClientThreads).Select(index => new EventLoop(index)).ToArray();
        try
        {
            var run = new LoadRun(options, loops, CreateTargets(options, secrets, settings), secrets, cancellationToken);
            run = await PrepareAsync(run);
            return run.Targets.Count == 0 ? 1 : await RunAsync(run, settings);
        }
        finally
        {
            foreach (var loop in loops)
            {
                loop.Dispose();
            }
        }
    }

    private static List<ITarget> CreateTargets(LoadOptions options, ServerSecrets secrets, DotNetSettings settings)
    {
        ITarget[] all =
        [
            new EchoTarget(secrets, settings),
            new PeerSyncTarget(secrets, settings, options.ServerPath),
            new SignalRTarget(secrets, settings),
            new WsRelayTarget(secrets, Repository.Root),
        ];
        return all.Where(target => options.Targets.Contains(target.Name)).ToList();
    }

    private static async Task<LoadRun> PrepareAsync(LoadRun run)
    {
        var ready = new List<ITarget>();
        foreach (var target in run.Targets)
        {
            if (await target.PrepareAsync(run.Cancellation) is { } reason)
            {
                run.Faults.Add($"{target.Title} was left out: {reason}");
                run.Progress($"{target.Name} is left out: {reason}");
            }
            else
            {
                ready.Add(target);
            }
        }

        return run with { Targets = ready };
    }

    private static async Task<int> RunAsync(LoadRun run, DotNetSettings settings)
    {
        IScenario[] all = [new RelayScenario(), new LatencyScenario(), new ConnectScenario(), new MemoryScenario(), new PresenceScenario()];
        var chosen = all.Where(scenario => run.Options.Scenarios.Contains(scenario.Name)).ToArray();
        try
        {
            foreach (var scenario in chosen)
            {
                await scenario.RunAsync(run);
            }
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            run.Faults.Add("The run was ended before it was complete.");
        }

        await Console.Out.WriteLineAsync($"Measured on: {Machine.Describe(run, settings)}. Figures are medians (lowest–highest round).\n");
        foreach (var scenario in chosen)
        {
            var report = scenario.Report(run);
            if (report.Length > 0)
            {
                await Console.Out.WriteLineAsync(report);
            }
        }

        await Console.Out.WriteLineAsync(ClientLoad.Note);
        await Console.Out.WriteLineAsync(OtherLoad.Describe(run));
        foreach (var fault in run.Faults)
        {
            await Console.Out.WriteLineAsync($"- {fault}");
        }

        return run.Faults.Count == 0 ? 0 : 1;
    }
}
