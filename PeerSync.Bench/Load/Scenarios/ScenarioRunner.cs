using PeerSync.Bench.Load.Reporting;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>Runs scenarios one after the other and prints what they have measured.</summary>
internal static class ScenarioRunner
{
    /// <returns>The exit code: 0 only if everything that was asked for was measured.</returns>
    public static async Task<int> RunAsync<TRun>(TRun run, IReadOnlyList<IScenario<TRun>> scenarios, DotNetSettings settings)
        where TRun : TargetRun
    {
        await run.PrepareAsync();
        if (run.Targets.Count == 0)
        {
            return 1;
        }

        try
        {
            foreach (var scenario in scenarios)
            {
                await scenario.RunAsync(run);
            }
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            run.Faults.Add("The run was ended before it was complete.");
        }

        await Console.Out.WriteLineAsync($"Measured on: {Machine.Describe(run, settings)}. Figures are medians (lowest–highest round).\n");
        foreach (var report in scenarios.Select(scenario => scenario.Report(run)).Where(report => report.Length > 0))
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
}
