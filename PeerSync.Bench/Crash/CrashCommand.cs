using System.Runtime.InteropServices;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Crash;

/// <summary>Kills the server again and again under load and proves that nothing that it acknowledged is lost.</summary>
internal static class CrashCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        CrashOptions options;
        try
        {
            options = CrashOptions.Parse(args);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{CrashOptions.Usage}");
            return 2;
        }

        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ending));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ending));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ServerProcess.KillAll();
        await Console.Out.WriteLineAsync($"seed {options.Seed}");
        var folder = Directory.CreateTempSubdirectory("peersync-crash-").FullName;
        try
        {
            var server = new CrashServer(options.Server, folder, options.PostgresUrl);
            await using var run = await CrashRun.StartAsync(options, server, ending.Token);
            await run.KillRepeatedlyAsync(ending.Token);
            var report = await run.FinishAsync(ending.Token);
            await Console.Out.WriteLineAsync(report.ToString());
            return report.IsGood ? 0 : 1;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource ending)
    {
        context.Cancel = true;
        ending.Cancel();
    }
}
