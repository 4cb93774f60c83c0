namespace PeerSync.Kernel;

/// <summary>A snapshot was not saved, or not in time.</summary>
/// <param name="Metadata">Its name.</param>
/// <param name="Cause">Why.</param>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
