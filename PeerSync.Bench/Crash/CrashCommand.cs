using PeerSync.Bench.Load;

namespace PeerSync.Bench.Crash;

/// <summary>Kills the server again and again under load and proves that nothing that it acknowledged is lost.</summary>
internal static class CrashCommand
{
    public static Task<int> RunAsync(IReadOnlyList<string> args) =>
        MeasuringCommand.RunAsync(args, CrashOptions.Parse, CrashOptions.Usage, static _ => Timeout.InfiniteTimeSpan, RunAsync);

    private static async Task<int> RunAsync(CrashOptions options, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync($"seed {options.Seed}");
        var folder = Directory.CreateTempSubdirectory("peersync-crash-").FullName;
        try
        {
            var server = new CrashServer(options.Server, folder, options.PostgresUrl);
            await using var run = await CrashRun.StartAsync(options, server, cancellationToken);
            await run.KillRepeatedlyAsync(cancellationToken);
            var report = await run.FinishAsync(cancellationToken);
            await Console.Out.WriteLineAsync(report.ToString());
            return report.IsGood ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
