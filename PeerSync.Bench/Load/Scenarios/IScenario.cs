namespace PeerSync.Bench.Load.Scenarios;

/// <summary>One kind of measurement over all targets.</summary>
internal interface IScenario
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, round by round, and keeps the samples.</summary>
    Task RunAsync(LoadRun run);

    /// <summary>The samples as Markdown; empty when there are none.</summary>
    string Report(LoadRun run);
}
