using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>The queries over either engine.</summary>
internal sealed class EventQueries(Database database) : IEventQueries
{
    private const int MaxFound = 10_000;
    private const int MaxTagged = 1000;

    // Old events that one search looks at.
    private const int MaxScanned = 10_000;

    /// <inheritdoc/>
    public async Task<EventPage> ReadPageAsync(
        string persistenceId,
        long afterSequenceNr,
        long toSequenceNr,
        DateTimeOffset notBefore,
        int maxEvents,
        long maxBytes,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvents, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxEvents, MaxFound);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        var id = StorableText.Clean(persistenceId)!;
        var page = await database.ReadAsync(
            "reading events",
            session => JournalPage.ReadAsync(session, id, afterSequenceNr, toSequenceNr, notBefore.UtcTicks, maxEvents, maxBytes),
            cancellationToken);
        return new EventPage(
            page.Rows.ConvertAll(row => ToEvent(row.SequenceNr, row.CreatedTicks, row.Manifest, row.Message)),
            page.HasMore,
            page.Rows.Count > 0 ? page.Rows[^1].SequenceNr : afterSequenceNr);
    }

    /// <inheritdoc/>
    public Task<TaggedEvents> ReadTaggedAsync(string persistenceId, string tag, int limit, int offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxTagged);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var id = StorableText.Clean(persistenceId);
        var clean = StorableText.Clean(tag);
        return database.ReadAsync(
            "reading tagged events",
            async session =>
            {
                var total = await session.QueryFirstAsync(
                    "SELECT count(*) FROM tags WHERE tag = $1 AND persistence_id = $2", row => row.Integer(0), clean, id);

                // The page is cut from the index before any event is looked up.
                var events = await session.QueryAsync(
                    """
                    SELECT journal.sequence_number, journal.created, journal.manifest, journal.message
                    FROM (
                        SELECT ordering_id FROM tags WHERE tag = $1 AND persistence_id = $2 ORDER BY sequence_nr DESC LIMIT $3 OFFSET $4
                    ) AS page
                    JOIN journal ON journal.ordering = page.ordering_id
                    ORDER BY journal.sequence_number DESC
                    """,
                    row => ToEvent(row.Integer(0), row.Integer(1), row.TextOrNull(2) ?? "", row.Bytes(3)),
                    clean,
                    id,
                    limit,
                    offset);
                return new TaggedEvents(events, total);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindTaggedUpToAsync(
        string tagPrefix, string lastTag, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tagPrefix);
        ArgumentNullException.ThrowIfNull(lastTag);
        EnsureMax(max);
        return await database.ReadAsync(
            "finding tagged events",
            session => session.QueryAsync(
                "SELECT persistence_id, sequence_nr FROM tags WHERE tag >= $1 AND tag <= $2 ORDER BY tag, persistence_id, sequence_nr LIMIT $3",
                row => (row.Text(0), row.Integer(1)),
                StorableText.Clean(tagPrefix),
                StorableText.Clean(lastTag),
                max),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindOldAsync(
        string persistenceIdPrefix, DateTimeOffset createdBefore, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceIdPrefix);
        EnsureMax(max);
        var prefix = StorableText.Clean(persistenceIdPrefix)!;
        return await database.ReadAsync(
            "finding old events",
            session => session.QueryAsync(
                """
                SELECT persistence_id, max(sequence_number)
                FROM (
                    SELECT persistence_id, sequence_number
                    FROM journal
                    WHERE created < $1 AND persistence_id >= $2 AND persistence_id < $3
                    ORDER BY created
                    LIMIT $4
                ) AS oldest
                GROUP BY persistence_id
                LIMIT $5
                """,
                row => (row.Text(0), row.Integer(1)),
                createdBefore.UtcTicks,
                prefix,
                JournalTables.EndOf(prefix),
                MaxScanned,
                max),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string persistenceId, IReadOnlyCollection<long> sequenceNrs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        ArgumentNullException.ThrowIfNull(sequenceNrs);
        var id = StorableText.Clean(persistenceId)!;
        foreach (var batch in sequenceNrs.Chunk(JournalTables.DeleteBatch))
        {
            await database.WriteAsync("deleting single events", session => DeleteBatchAsync(session, id, batch), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<long> DeleteStreamAsync(string persistenceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        var id = StorableText.Clean(persistenceId)!;
        var deleted = 0L;
        int batch;
        do
        {
            batch = await database.WriteAsync("deleting a stream", session => DeleteOldestOrTheRestAsync(session, id), cancellationToken);
            deleted += batch;
        }
        while (batch > 0);
        return deleted;
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(string persistenceId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(persistenceId);
        var id = StorableText.Clean(persistenceId);
        return database.ReadAsync(
            "counting events",
            session => session.QueryFirstAsync("SELECT count(*) FROM journal WHERE persistence_id = $1 AND NOT deleted", row => row.Integer(0), id),
            cancellationToken);
    }

    private static void EnsureMax(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxFound);
    }

    private static StoredEvent ToEvent(long sequenceNr, long ticks, string manifest, byte[] message) =>
        new(sequenceNr, new DateTimeOffset(ticks, TimeSpan.Zero), manifest, message);

    private static async ValueTask<int> DeleteBatchAsync(DatabaseSession session, string persistenceId, long[] sequenceNrs)
    {
        var highest = await JournalTables.ReadHighestAsync(session, persistenceId);
        if (sequenceNrs.Contains(highest))
        {
            await JournalTables.RememberAsync(session, persistenceId, highest);
        }

        var deleted = 0;
        foreach (var sequenceNr in sequenceNrs)
        {
            await session.ExecuteAsync(
                "DELETE FROM tags WHERE ordering_id = (SELECT ordering FROM journal WHERE persistence_id = $1 AND sequence_number = $2)",
                persistenceId,
                sequenceNr);
            deleted += await session.ExecuteAsync("DELETE FROM journal WHERE persistence_id = $1 AND sequence_number = $2", persistenceId, sequenceNr);
        }

        return deleted;
    }

    private static async ValueTask<int> DeleteOldestOrTheRestAsync(DatabaseSession session, string persistenceId)
    {
        var deleted = await JournalTables.DeleteOldestAsync(session, persistenceId, long.MaxValue);
        if (deleted == 0)
        {
            await session.ExecuteAsync("DELETE FROM snapshot WHERE persistence_id = $1", persistenceId);
            await session.ExecuteAsync("DELETE FROM journal_metadata WHERE persistence_id = $1", persistenceId);
        }

        return deleted;
    }
}
