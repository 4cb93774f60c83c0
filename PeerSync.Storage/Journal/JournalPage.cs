using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Journal;

/// <summary>Some events of one actor, in order.</summary>
/// <param name="Rows">The events.</param>
/// <param name="HasMore">Whether others follow that were asked for too.</param>
internal sealed record JournalPage(List<JournalRow> Rows, bool HasMore)
{
    // What lies between this and the limit of bytes is read in vain at most once.
    private const int FirstRows = 64;

    private const string Sql = """
        SELECT sequence_number, created, identifier, manifest, writer_uuid, message
        FROM journal
        WHERE persistence_id = $1 AND sequence_number > $2 AND sequence_number <= $3 AND created >= $4 AND NOT deleted
        ORDER BY sequence_number
        LIMIT $5
        """;

    /// <summary>Reads a page.</summary>
    /// <param name="session">The database.</param>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="after">The number behind which it begins.</param>
    /// <param name="to">The last number.</param>
    /// <param name="notBeforeTicks">The age limit.</param>
    /// <param name="maxEvents">The most events, 1 and up.</param>
    /// <param name="maxBytes">The most bytes of messages; a first event that is larger comes alone.</param>
    public static async ValueTask<JournalPage> ReadAsync(
        DatabaseSession session, string persistenceId, long after, long to, long notBeforeTicks, int maxEvents, long maxBytes)
    {
        var rows = new List<JournalRow>();
        var bytes = 0L;
        var hasMore = false;
        while (true)
        {
            // One more than fits tells whether there are more. How large they are is known only when some have been read.
            var fitting = rows.Count == 0 ? FirstRows : (Int128)(maxBytes - bytes) * rows.Count / Math.Max(bytes, 1);
            var limit = (long)Int128.Min(maxEvents - rows.Count, fitting) + 1;
            var seen = 0;
            await session.VisitAsync(
                Sql,
                row =>
                {
                    seen++;
                    var read = Map(row);
                    if (rows.Count == maxEvents || (rows.Count > 0 && bytes + read.Message.Length > maxBytes))
                    {
                        hasMore = true;
                        return false;
                    }

                    rows.Add(read);
                    bytes += read.Message.Length;
                    return true;
                },
                persistenceId,
                after,
                to,
                notBeforeTicks,
                limit);
            if (hasMore || seen < limit)
            {
                return new JournalPage(rows, hasMore);
            }

            after = rows[^1].SequenceNr;
        }
    }

    // What another program moved here may lack the names that are never null in what this one writes.
    private static JournalRow Map(SqlRow row) =>
        new(row.Integer(0), row.Integer(1), (int)(row.IntegerOrNull(2) ?? 0), row.TextOrNull(3) ?? "", row.TextOrNull(4) ?? "", row.Bytes(5));
}
