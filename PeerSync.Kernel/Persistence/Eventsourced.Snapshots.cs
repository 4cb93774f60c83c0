namespace PeerSync.Kernel;

public abstract partial class Eventsourced
{
    /// <summary>Saves the state as it is after <see cref="LastSequenceNr"/>.
    /// Told back: <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    /// <param name="snapshot">The state; immutable from here on.</param>
    public void SaveSnapshot(object snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var metadata = new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, Cell.System.TimeProvider.GetUtcNow().UtcDateTime);
        Report(
            () => SnapshotStore().SaveAsync(metadata, snapshot, CancellationToken.None),
            new SaveSnapshotSuccess(metadata),
            cause => new SaveSnapshotFailure(metadata, cause));
    }

    /// <summary>Deletes the snapshot of a sequence number. Told back: <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    public void DeleteSnapshot(long sequenceNr)
    {
        var metadata = new SnapshotMetadata(SnapshotterId, sequenceNr, DateTime.MinValue);
        var criteria = new SnapshotSelectionCriteria(sequenceNr, DateTime.MaxValue, sequenceNr);
        Report(
            () => SnapshotStore().DeleteAsync(metadata.PersistenceId, criteria, CancellationToken.None),
            new DeleteSnapshotSuccess(metadata),
            cause => new DeleteSnapshotFailure(metadata, cause));
    }

    /// <summary>Deletes the snapshots that fit. Told back: <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        var id = SnapshotterId;
        Report(
            () => SnapshotStore().DeleteAsync(id, criteria, CancellationToken.None),
            new DeleteSnapshotsSuccess(criteria),
            cause => new DeleteSnapshotsFailure(criteria, cause));
    }

    /// <summary>Deletes the actor's events up to a sequence number; whoever does it has a snapshot.
    /// Told back: <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    /// <param name="toSequenceNr">At most <see cref="LastSequenceNr"/>, or <see cref="long.MaxValue"/> for all events up to it.</param>
    public void DeleteMessages(long toSequenceNr)
    {
        var last = LastSequenceNr;
        var journal = Persistence.Get(Cell.System).Open().Journal;
        Report(
            () => toSequenceNr <= last || toSequenceNr == long.MaxValue
                ? journal.DeleteMessagesToAsync(_startedId, Math.Min(toSequenceNr, last), CancellationToken.None)
                : throw new ArgumentException(
                    $"toSequenceNr [{toSequenceNr}] must be less than or equal to LastSequenceNr [{last}].", nameof(toSequenceNr)),
            new DeleteMessagesSuccess(toSequenceNr),
            cause => new DeleteMessagesFailure(cause, toSequenceNr));
    }

    private SnapshotStore SnapshotStore() =>
        Persistence.Get(Cell.System).Open().SnapshotStore
        ?? throw new ConfigurationException("The actor system has no snapshot store; set ActorSystemSettings.SnapshotStore.");

    private void Report(Func<Task> operation, object success, Func<Exception, object> failure)
    {
        Task task;
        try
        {
            task = operation();
        }
        catch (Exception exception)
        {
            task = Task.FromException(exception);
        }

        _ = task.PipeTo(Self, Self, () => success, failure);
    }
}
