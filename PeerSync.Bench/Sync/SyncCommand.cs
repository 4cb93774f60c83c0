using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Sync;

/// <summary>Measures the Sync feature from outside: starts the server, prints Markdown on standard output and progress on standard error.</summary>
internal static class SyncCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) => MeasuringCommand.RunAsync(
        args,
        SyncOptions.Parse,
        SyncOptions.Usage,
        static options => TimeSpan.FromMinutes(options.LimitMinutes),
        static async (options, cancellationToken) =>
        {
            using var loop = new EventLoop(0);
            return await RunAsync(new SyncRun(options, loop, cancellationToken));
        });

    private static async Task<int> RunAsync(SyncRun run)
    {
        var chosen = Choose(run.Options.Scenarios).ToArray();
        foreach (var scenario in chosen)
        {
            try
            {
                await scenario.RunAsync(run);
            }
            catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
            {
                run.Faults.Add("The run was ended before it was complete.");
                break;
            }
            catch (Exception exception) when (exception is InvalidOperationException or InvalidDataException or IOException or TimeoutException)
            {
                run.Faults.Add(exception.Message);
                run.Progress($"FAILED: {exception.Message}");
            }
        }

        var engine = run.Options.IsPostgres ? ", PostgreSQL" : ", SQLite";
        await Console.Out.WriteLineAsync($"Measured on: {Machine.Describe(run.Options.Runtime, engine, clientThreads: 1)}. Figures are medians (lowest–highest round).\n");
        foreach (var report in chosen.Select(scenario => scenario.Report(run)).Where(report => report.Length > 0))
        {
            await Console.Out.WriteLineAsync(report);
        }

        await Console.Out.WriteLineAsync(ClientLoad.Note);
        await Console.Out.WriteLineAsync(OtherLoad.Describe(run.Measured));
        foreach (var fault in run.Faults)
        {
            await Console.Out.WriteLineAsync($"- {fault}");
        }

        return run.Faults.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<ISyncScenario> Choose(IReadOnlyList<string> names)
    {
        if (names.Contains("acks") || names.Contains("latency"))
        {
            yield return new EventScenario(names.Contains("acks"), names.Contains("latency"));
        }

        foreach (var name in names)
        {
            switch (name)
            {
                case "replay":
                    yield return new ReplayScenario();
                    break;
                case "logins":
                    yield return new LoginScenario();
                    break;
                case "memory":
                    yield return new MemoryScenario();
                    break;
                case "recovery":
                    yield return new RecoveryScenario();
                    break;
            }
        }
    }
}
