using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>A snapshot store that fails when a test says so.</summary>
internal sealed class ScriptedSnapshotStore : SnapshotStore
{
    private readonly Lock _gate = new();
    private readonly List<SelectedSnapshot> _snapshots = [];

    /// <summary>What every call fails with.</summary>
    public Exception? Failure { get; set; }

    public SelectedSnapshot[] Snapshots
    {
        get
        {
            lock (_gate)
            {
                return [.. _snapshots];
            }
        }
    }

    public override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        await BeginAsync();
        return Snapshots.Where(s => Fits(s, persistenceId, criteria)).MaxBy(s => s.Metadata.SequenceNr);
    }

    public override async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        await BeginAsync();
        lock (_gate)
        {
            _snapshots.RemoveAll(s => s.Metadata.PersistenceId == metadata.PersistenceId && s.Metadata.SequenceNr == metadata.SequenceNr);
            _snapshots.Add(new SelectedSnapshot(metadata, snapshot));
        }
    }

    public override async Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        await BeginAsync();
        lock (_gate)
        {
            _snapshots.RemoveAll(s => Fits(s, persistenceId, criteria));
        }
    }

    private static bool Fits(SelectedSnapshot snapshot, string persistenceId, SnapshotSelectionCriteria criteria) =>
        snapshot.Metadata.PersistenceId == persistenceId
        && snapshot.Metadata.SequenceNr >= criteria.MinSequenceNr
        && snapshot.Metadata.SequenceNr <= criteria.MaxSequenceNr
        && snapshot.Metadata.Timestamp <= criteria.MaxTimeStamp
        && (criteria.MinTimestamp is not { } min || snapshot.Metadata.Timestamp >= min);

    private async Task BeginAsync()
    {
        await Task.Yield();
        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
