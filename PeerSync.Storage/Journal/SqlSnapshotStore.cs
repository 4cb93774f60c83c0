using PeerSync.Kernel;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>The snapshot store over either engine.</summary>
internal sealed class SqlSnapshotStore(Database database, Serialization serialization) : SnapshotStore
{
    private const string Condition =
        "persistence_id = $1 AND sequence_number >= $2 AND sequence_number <= $3 AND created >= $4 AND created <= $5";

    /// <inheritdoc/>
    public override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentNullException.ThrowIfNull(criteria);
        const string Operation = "loading a snapshot";
        var id = StorableText.Clean(persistenceId);
        var row = await JournalFaults.TranslateAsync(
            Operation,
            () => database.ReadAsync(
                Operation,
                session => session.QueryFirstAsync(
                    $"SELECT sequence_number, created, serializer_id, manifest, snapshot FROM snapshot WHERE {Condition} ORDER BY sequence_number DESC LIMIT 1",
                    row => new JournalRow(row.Integer(0), row.Integer(1), (int)(row.IntegerOrNull(2) ?? 0), row.TextOrNull(3) ?? "", "", row.Bytes(4)),
                    id,
                    criteria.MinSequenceNr,
                    criteria.MaxSequenceNr,
                    criteria.MinTimestamp?.Ticks ?? 0,
                    criteria.MaxTimeStamp.Ticks),
                cancellationToken));
        return row is null
            ? null
            : new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, row.SequenceNr, new DateTime(row.CreatedTicks, DateTimeKind.Utc)),
                serialization.Deserialize(row.Message, row.SerializerId, row.Manifest));
    }

    /// <inheritdoc/>
    public override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        SqlJournal.EnsureStorable(metadata.PersistenceId, SqlJournal.MaxIdLength, "persistence id");
        const string Operation = "saving a snapshot";
        var serializer = serialization.FindSerializerFor(snapshot);
        var manifest = serializer.Manifest(snapshot);
        var bytes = serializer.ToBinary(snapshot);
        return JournalFaults.TranslateAsync(
            Operation,
            () => database.WriteAsync(
                Operation,
                session => session.ExecuteAsync(
                    """
                    INSERT INTO snapshot (persistence_id, sequence_number, created, serializer_id, manifest, snapshot) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (persistence_id, sequence_number) DO UPDATE
                    SET created = excluded.created, serializer_id = excluded.serializer_id, manifest = excluded.manifest, snapshot = excluded.snapshot
                    """,
                    metadata.PersistenceId,
                    metadata.SequenceNr,
                    metadata.Timestamp.Ticks,
                    serializer.Identifier,
                    manifest,
                    bytes),
                cancellationToken));
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentNullException.ThrowIfNull(criteria);
        const string Operation = "deleting snapshots";
        var id = StorableText.Clean(persistenceId);
        return JournalFaults.TranslateAsync(
            Operation,
            () => database.WriteAsync(
                Operation,
                session => session.ExecuteAsync(
                    $"DELETE FROM snapshot WHERE {Condition}",
                    id,
                    criteria.MinSequenceNr,
                    criteria.MaxSequenceNr,
                    criteria.MinTimestamp?.Ticks ?? 0,
                    criteria.MaxTimeStamp.Ticks),
                cancellationToken));
    }
}
