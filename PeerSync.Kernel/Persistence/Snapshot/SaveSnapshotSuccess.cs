namespace PeerSync.Kernel;

/// <summary>A snapshot is durable.</summary>
/// <param name="Metadata">Its name.</param>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);
