namespace PeerSync.Kernel;

/// <summary>Offers a snapshot to a recovering actor before the events after it.</summary>
/// <param name="Metadata">Its name.</param>
/// <param name="Snapshot">The state.</param>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);
