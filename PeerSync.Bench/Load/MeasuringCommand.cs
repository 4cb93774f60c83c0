using System.Runtime.InteropServices;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>What the commands have in common that start servers and measure them: arguments, the time limit, and an end that leaves no process behind.</summary>
internal static class MeasuringCommand
{
    /// <param name="args">The command's arguments.</param>
    /// <param name="parse">Reads them; throws <see cref="ArgumentException"/> for what it cannot read.</param>
    /// <param name="usage">Shown then.</param>
    /// <param name="limit">After that the measurement is cancelled; infinite never.</param>
    /// <param name="measure">Measures, and returns the exit code.</param>
    /// <returns>The exit code; 2 when nothing could be measured.</returns>
    public static async Task<int> RunAsync<TOptions>(
        IReadOnlyList<string> args,
        Func<IReadOnlyList<string>, TOptions> parse,
        string usage,
        Func<TOptions, TimeSpan> limit,
        Func<TOptions, CancellationToken, Task<int>> measure)
    {
        TOptions options;
        try
        {
            options = parse(args);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\n{usage}");
            return 2;
        }

        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync("The load generator needs Linux: epoll, and CPU and memory figures from /proc.");
            return 2;
        }

        using var ending = new CancellationTokenSource(limit(options));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ending));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ending));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => ServerProcess.KillAll();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => ServerProcess.KillAll();
        return await measure(options, ending.Token);
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource ending)
    {
        // The servers are ended in the regular way first; a second signal ends the bench at once, and them with it.
        context.Cancel = !ending.IsCancellationRequested;
        ending.Cancel();
    }
}
