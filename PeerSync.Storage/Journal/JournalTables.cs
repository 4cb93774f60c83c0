using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>Statements on the journal's tables that more than one of its parts needs. The same for both engines.</summary>
internal static class JournalTables
{
    /// <summary>How many events one transaction deletes: few enough that writers hardly notice.</summary>
    public const int DeleteBatch = 500;

    /// <summary>Where a search for names that begin with a prefix ends: after it comes the last code point there is.</summary>
    public static string EndOf(string prefix) => prefix + "\U0010FFFF";

    /// <summary>The highest number that an actor ever wrote, deleted events included; 0 where it wrote none.</summary>
    public static async ValueTask<long> ReadHighestAsync(DatabaseSession session, string persistenceId)
    {
        var written = await session.QueryFirstAsync(
            "SELECT coalesce(max(sequence_number), 0) FROM journal WHERE persistence_id = $1", row => row.Integer(0), persistenceId);
        var deleted = await session.QueryFirstAsync(
            "SELECT coalesce(max(sequence_number), 0) FROM journal_metadata WHERE persistence_id = $1", row => row.Integer(0), persistenceId);
        return Math.Max(written, deleted);
    }

    /// <summary>Remembers that events up to a number have existed, before they are deleted.</summary>
    public static async ValueTask RememberAsync(DatabaseSession session, string persistenceId, long sequenceNr)
    {
        await session.ExecuteAsync(
            "INSERT INTO journal_metadata (persistence_id, sequence_number) VALUES ($1, $2) ON CONFLICT DO NOTHING", persistenceId, sequenceNr);
        await session.ExecuteAsync("DELETE FROM journal_metadata WHERE persistence_id = $1 AND sequence_number < $2", persistenceId, sequenceNr);
    }

    /// <summary>Deletes the oldest events of an actor up to a number, with their tags.</summary>
    /// <returns>How many there were, at most <see cref="DeleteBatch"/>.</returns>
    public static async ValueTask<int> DeleteOldestAsync(DatabaseSession session, string persistenceId, long toSequenceNr)
    {
        // The border first, so that both statements mean the same events.
        var border = await session.QueryFirstAsync(
            "SELECT max(sequence_number) FROM (SELECT sequence_number FROM journal WHERE persistence_id = $1 AND sequence_number <= $2 ORDER BY sequence_number LIMIT $3) AS oldest",
            row => row.IntegerOrNull(0),
            persistenceId,
            toSequenceNr,
            DeleteBatch);
        if (border is not { } last)
        {
            return 0;
        }

        await session.ExecuteAsync(
            "DELETE FROM tags WHERE ordering_id IN (SELECT ordering FROM journal WHERE persistence_id = $1 AND sequence_number <= $2)", persistenceId, last);
        return await session.ExecuteAsync("DELETE FROM journal WHERE persistence_id = $1 AND sequence_number <= $2", persistenceId, last);
    }
}
