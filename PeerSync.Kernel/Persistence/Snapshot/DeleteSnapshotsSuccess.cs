namespace PeerSync.Kernel;

/// <summary>Snapshots have been deleted.</summary>
/// <param name="Criteria">Which.</param>
public sealed record DeleteSnapshotsSuccess(SnapshotSelectionCriteria Criteria);
