using System.Runtime.InteropServices;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Scenarios;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>The load generator: starts the servers, measures, prints Markdown on standard output and progress on standard error.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        LoadOptions options;
        try
        {
            options = LoadOptions.Parse(args);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{LoadOptions.Usage}");
            return 2;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("The load generator needs Linux: epoll, and CPU and memory figures from /proc.");
            return 2;
        }

        using var ending = new CancellationTokenSource(TimeSpan.FromMinutes(options.LimitMinutes));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ending));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ending));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ServerProcess.KillAll();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => ServerProcess.KillAll();

        var secrets = ServerSecrets.Create();
        var settings = new DotNetSettings(options.IsServerGc);
        var loops = Enumerable.Range(0, options.ClientThreads).Select(index => new EventLoop(index)).ToArray();
        try
        {
            var run = new LoadRun(options, loops, CreateTargets(options, secrets, settings), secrets, ending.Token);
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

    private static void Cancel(PosixSignalContext context, CancellationTokenSource ending)
    {
        // The servers are ended in the regular way first; a second signal ends the bench at once, and them with it.
        context.Cancel = !ending.IsCancellationRequested;
        ending.Cancel();
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
