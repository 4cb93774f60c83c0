using System.Text;
using Microsoft.Data.Sqlite;
using PeerSync.Storage.Journal;
using SQLitePCL;

namespace PeerSync.Storage.Sqlite;

/// <summary>Writes events through SQLite's own interface: ADO.NET's commands cost more than the inserts themselves.</summary>
/// <remarks>Used by the thread that owns the connection, within its transaction, and disposed before the connection.</remarks>
internal sealed class SqliteJournalStatements(sqlite3 connection) : IDisposable
{
    private readonly sqlite3_stmt _highest = Prepare(
        connection,
        """
        SELECT max(
            coalesce((SELECT max(sequence_number) FROM journal WHERE persistence_id = ?1), 0),
            coalesce((SELECT max(sequence_number) FROM journal_metadata WHERE persistence_id = ?1), 0))
        """);

    private readonly sqlite3_stmt _own = Prepare(
        connection,
        "SELECT count(*) FROM journal WHERE persistence_id = ?1 AND writer_uuid = ?2 AND sequence_number BETWEEN ?3 AND ?4");

    private readonly sqlite3_stmt _event = Prepare(
        connection,
        """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, manifest, identifier, writer_uuid, message)
        VALUES (?3, 0, ?1, ?4, ?5, ?6, ?2, ?7)
        """);

    private readonly sqlite3_stmt _tag = Prepare(
        connection,
        "INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) VALUES (?3, ?4, ?2, ?1)");

    private byte[] _text = new byte[256];

    /// <summary>Writes or refuses every batch of a group, and says so in it.</summary>
    /// <remarks>
    /// The transaction holds the file's write lock, so what is read here stays true until the commit: a batch is written exactly if its first number follows the
    /// highest that this actor ever wrote, deleted events included. So nothing is inserted that would have to be undone, and a writer that lags is refused even
    /// where the events that it missed are deleted.
    /// </remarks>
    /// <exception cref="SqliteException">The engine failed; the transaction is to be rolled back.</exception>
    public void Write(JournalGroup group)
    {
        string? current = null;
        var highest = 0L;
        JournalBatch? refused = null;
        foreach (var batch in group.Batches)
        {
            if (batch.PersistenceId != current)
            {
                current = batch.PersistenceId;
                highest = ReadHighest(current);
            }

            if (batch.HasWriterOf(refused))
            {
                // It was meant to follow the refused one, in whose place another writer's event may be.
                batch.RefuseAsConflict();
            }
            else if (batch.First == highest + 1)
            {
                Insert(batch);
                highest = batch.Last;
                batch.Accept();
            }
            else if (IsWritten(batch))
            {
                batch.Accept();
            }
            else
            {
                batch.RefuseAsConflict();
                refused = batch;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _highest.Dispose();
        _own.Dispose();
        _event.Dispose();
        _tag.Dispose();
    }

    private static sqlite3_stmt Prepare(sqlite3 connection, string sql)
    {
        var code = raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        SqliteException.ThrowExceptionForRC(code, connection);
        return statement;
    }

    private long ReadHighest(string persistenceId)
    {
        BindText(_highest, 1, persistenceId);
        return Query(_highest);
    }

    /// <summary>Whether an earlier attempt has written the batch, whose commit was reported as failed although it was not.</summary>
    private bool IsWritten(JournalBatch batch)
    {
        BindText(_own, 1, batch.PersistenceId);
        BindText(_own, 2, batch.WriterUuid);
        Check(raw.sqlite3_bind_int64(_own, 3, batch.First));
        Check(raw.sqlite3_bind_int64(_own, 4, batch.Last));
        return Query(_own) == batch.Entries.Length;
    }

    private void Insert(JournalBatch batch)
    {
        // Bound once: what is bound stays so from one run to the next.
        BindText(_event, 1, batch.PersistenceId);
        BindText(_event, 2, batch.WriterUuid);
        foreach (ref readonly var entry in batch.Entries)
        {
            Check(raw.sqlite3_bind_int64(_event, 3, entry.CreatedTicks));
            Check(raw.sqlite3_bind_int64(_event, 4, entry.SequenceNr));
            BindText(_event, 5, entry.Manifest);
            Check(raw.sqlite3_bind_int(_event, 6, entry.SerializerId));
            Check(raw.sqlite3_bind_blob(_event, 7, entry.Message));
            Run(_event);
            if (entry.Tags.Count > 0)
            {
                InsertTags(batch.PersistenceId, entry);
            }
        }
    }

    private void InsertTags(string persistenceId, in JournalEntry entry)
    {
        var ordering = raw.sqlite3_last_insert_rowid(connection);
        BindText(_tag, 1, persistenceId);
        Check(raw.sqlite3_bind_int64(_tag, 2, entry.SequenceNr));
        Check(raw.sqlite3_bind_int64(_tag, 3, ordering));
        foreach (var tag in entry.Tags)
        {
            BindText(_tag, 4, tag);
            Run(_tag);
        }
    }

    private long Query(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        var value = code == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : 0;
        raw.sqlite3_reset(statement);
        Check(code);
        return value;
    }

    private void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        Check(code);
    }

    private void BindText(sqlite3_stmt statement, int index, string text)
    {
        var needed = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_text.Length < needed)
        {
            _text = new byte[needed];
        }

        Check(raw.sqlite3_bind_text(statement, index, _text.AsSpan(0, Encoding.UTF8.GetBytes(text, _text))));
    }

    // ROW and DONE are fine to it as well.
    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection);
}
