using System.Diagnostics;

namespace PeerSync.Host.Metrics;

/// <summary>The source of all traces. Starting an activity costs a null check while nobody listens.</summary>
internal static class PeerSyncTracing
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "PeerSync";

    /// <summary>Where activities are started.</summary>
    public static ActivitySource Source { get; } = new(SourceName);
}
