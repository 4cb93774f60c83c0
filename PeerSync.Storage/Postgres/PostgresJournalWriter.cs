using Npgsql;
using NpgsqlTypes;
using PeerSync.Kernel;
using PeerSync.Storage.Journal;

namespace PeerSync.Storage.Postgres;

/// <summary>Writes groups of events over one connection, each in one round trip that is one transaction.</summary>
/// <remarks>
/// What fences a writer that lags, or another node: the unique key refuses a number that is taken, and a number that follows a gap, or that lies at or below a
/// deleted one, is refused by a statement that looks after the insert. It comes after, because a statement sees what was committed when it began: another
/// writer's events, still uncommitted when ours began, make the insert wait for the key, and if they were deleted again meanwhile, the number up to which
/// they were deleted is visible to the statement behind it.
/// </remarks>
internal sealed class PostgresJournalWriter(NpgsqlConnection connection, TimeSpan commandTimeout)
{
    private const string InsertEvents = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, manifest, identifier, writer_uuid, message)
        SELECT created, false, persistence_id, sequence_number, manifest, identifier, writer_uuid, message
        FROM unnest($1, $2, $3, $4, $5, $6, $7) AS e (created, persistence_id, sequence_number, manifest, identifier, writer_uuid, message)
        """;

    private const string InsertEventsWithTags = $"""
        WITH written AS ({InsertEvents} RETURNING ordering, persistence_id, sequence_number)
        INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id)
        SELECT ordering, tag, sequence_number, persistence_id
        FROM written JOIN unnest($8, $9, $10) AS t (persistence_id, sequence_number, tag) USING (persistence_id, sequence_number)
        """;

    // An error and not a result, so that the transaction ends without a second round trip. A constant 1 / 0 would be evaluated by the planner.
    private const string EnsureSuccession = """
        SELECT 1 / CASE WHEN EXISTS (
            SELECT FROM unnest($1, $2, $3) AS s (id, first, last)
            WHERE (SELECT max(sequence_number) FROM journal WHERE persistence_id = id) > last
                OR (SELECT max(sequence_number) FROM journal_metadata WHERE persistence_id = id) >= first
                OR (first > 1
                    AND NOT EXISTS (SELECT FROM journal WHERE persistence_id = id AND sequence_number = first - 1)
                    AND NOT EXISTS (SELECT FROM journal_metadata WHERE persistence_id = id AND sequence_number = first - 1)))
            THEN 0 ELSE 1 END
        """;

    private const string CountOwn = """
        SELECT count(*) FROM journal WHERE persistence_id = $1 AND writer_uuid = $2 AND sequence_number BETWEEN $3 AND $4
        """;

    /// <summary>Writes a group. When one of its batches is refused, they are written one by one, so that the others do not suffer.</summary>
    /// <exception cref="NpgsqlException">The server failed. Batches that are not decided may or may not have been written.</exception>
    public async Task WriteAsync(JournalGroup group)
    {
        try
        {
            await InsertAsync(group.Batches);
            group.Batches.ForEach(batch => batch.Accept());
        }
        catch (PostgresException e) when (IsRefusal(e))
        {
            await WriteOneByOneAsync(group.Batches);
        }
    }

    // Data exceptions, integrity constraints, limits of the server: trying again does not help.
    private static bool IsRefusal(PostgresException exception) => exception.SqlState[..2] is "22" or "23" or "54";

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType type) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    private static NpgsqlBatchCommand CreateInsert(List<JournalBatch> batches)
    {
        var rows = batches.SelectMany(batch => batch.Entries.ToArray().Select(entry => (Batch: batch, Entry: entry))).ToArray();
        var tags = rows.SelectMany(row => row.Entry.Tags.Select(tag => (row.Batch.PersistenceId, row.Entry.SequenceNr, Tag: tag))).ToArray();
        var insert = new NpgsqlBatchCommand(tags.Length == 0 ? InsertEvents : InsertEventsWithTags);
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Entry.CreatedTicks), NpgsqlDbType.Bigint));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Batch.PersistenceId), NpgsqlDbType.Text));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Entry.SequenceNr), NpgsqlDbType.Bigint));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Entry.Manifest), NpgsqlDbType.Text));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Entry.SerializerId), NpgsqlDbType.Integer));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Batch.WriterUuid), NpgsqlDbType.Text));
        insert.Parameters.Add(Array(System.Array.ConvertAll(rows, row => row.Entry.Message), NpgsqlDbType.Bytea));
        if (tags.Length > 0)
        {
            insert.Parameters.Add(Array(System.Array.ConvertAll(tags, tag => tag.PersistenceId), NpgsqlDbType.Text));
            insert.Parameters.Add(Array(System.Array.ConvertAll(tags, tag => tag.SequenceNr), NpgsqlDbType.Bigint));
            insert.Parameters.Add(Array(System.Array.ConvertAll(tags, tag => tag.Tag), NpgsqlDbType.Text));
        }

        return insert;
    }

    private static NpgsqlBatchCommand CreateCheck(List<JournalBatch> batches)
    {
        // In a group the batches of one actor follow each other without a gap, so their ends are enough.
        var ids = new List<string>();
        var firsts = new List<long>();
        var lasts = new List<long>();
        foreach (var batch in batches)
        {
            if (ids.Count == 0 || ids[^1] != batch.PersistenceId)
            {
                ids.Add(batch.PersistenceId);
                firsts.Add(batch.First);
                lasts.Add(batch.Last);
            }
            else
            {
                lasts[^1] = batch.Last;
            }
        }

        var check = new NpgsqlBatchCommand(EnsureSuccession);
        check.Parameters.Add(Array([.. ids], NpgsqlDbType.Text));
        check.Parameters.Add(Array([.. firsts], NpgsqlDbType.Bigint));
        check.Parameters.Add(Array([.. lasts], NpgsqlDbType.Bigint));
        return check;
    }

    private async Task InsertAsync(List<JournalBatch> batches)
    {
        await using var command = new NpgsqlBatch(connection) { Timeout = (int)Math.Ceiling(commandTimeout.TotalSeconds) };
        command.BatchCommands.Add(CreateInsert(batches));
        command.BatchCommands.Add(CreateCheck(batches));
        await command.ExecuteNonQueryAsync();
    }

    private async Task WriteOneByOneAsync(List<JournalBatch> batches)
    {
        JournalBatch? refused = null;
        foreach (var batch in batches)
        {
            if (batch.HasWriterOf(refused))
            {
                // It was meant to follow the refused one, in whose place another writer's event may be.
                batch.RefuseAsConflict();
                continue;
            }

            await WriteOneAsync(batch);
            refused = batch.Refusal is null ? refused : batch;
        }
    }

    private async Task WriteOneAsync(JournalBatch batch)
    {
        try
        {
            await InsertAsync([batch]);
            batch.Accept();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DivisionByZero)
        {
            // An earlier attempt may have written it, whose answer was lost.
            if (await CountOwnAsync(batch) == batch.Entries.Length)
            {
                batch.Accept();
            }
            else
            {
                batch.RefuseAsConflict(e);
            }
        }
        catch (PostgresException e) when (IsRefusal(e))
        {
            batch.Refuse(new JournalUnavailableException("The database does not take these events.", e));
        }
    }

    private async Task<long> CountOwnAsync(JournalBatch batch)
    {
        await using var command = new NpgsqlCommand(CountOwn, connection) { CommandTimeout = (int)Math.Ceiling(commandTimeout.TotalSeconds) };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batch.PersistenceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = batch.WriterUuid });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.First });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = batch.Last });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
