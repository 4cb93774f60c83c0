namespace PeerSync.Bench.Load.Scenarios;

/// <summary>One kind of measurement over all targets of a run.</summary>
/// <typeparam name="TRun">The run with its options.</typeparam>
internal interface IScenario<in TRun>
    where TRun : TargetRun
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, round by round, and keeps the samples.</summary>
    Task RunAsync(TRun run);

    /// <summary>The samples as Markdown; empty when there are none.</summary>
    string Report(TRun run);
}
