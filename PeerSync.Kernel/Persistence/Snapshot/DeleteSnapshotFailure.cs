namespace PeerSync.Kernel;

/// <summary>A snapshot was not deleted, or not in time.</summary>
/// <param name="Metadata">Its name, without its time.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
