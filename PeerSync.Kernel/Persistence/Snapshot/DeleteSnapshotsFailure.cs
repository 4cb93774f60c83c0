namespace PeerSync.Kernel;

/// <summary>Snapshots were not deleted, or not in time.</summary>
/// <param name="Criteria">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);
