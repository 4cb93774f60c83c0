namespace PeerSync.Kernel;

/// <summary>A snapshot has been deleted.</summary>
/// <param name="Metadata">Its name, without its time.</param>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);
