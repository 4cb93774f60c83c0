namespace PeerSync.Kernel;

/// <summary>Where snapshots are kept. Implemented over a database; every persistent actor of a system uses the same one.</summary>
/// <remarks>Thread-safe. Every method throws <see cref="JournalUnavailableException"/> when the database fails.</remarks>
public abstract class SnapshotStore
{
    /// <summary>The latest snapshot that fits, or null.</summary>
    public abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot; it is durable when the task completes. An earlier one of the same event is replaced.</summary>
    public abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes the snapshots that fit.</summary>
    public abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);
}
