namespace PeerSync.Kernel;

/// <summary>A snapshot with its name.</summary>
/// <param name="Metadata">The name.</param>
/// <param name="Snapshot">The state.</param>
public sealed record SelectedSnapshot(SnapshotMetadata Metadata, object Snapshot);
