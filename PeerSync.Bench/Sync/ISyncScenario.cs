namespace PeerSync.Bench.Sync;

/// <summary>One kind of measurement.</summary>
internal interface ISyncScenario
{
    /// <summary>Measures, round by round, and keeps the samples.</summary>
    Task RunAsync(SyncRun run);

    /// <summary>The samples as Markdown; empty when there are none.</summary>
    string Report(SyncRun run);
}
