namespace PeerSync.Storage.Sqlite;

/// <summary>The one writer. Whatever has queued up while it committed goes into its next transaction, so that all share one flush of the disk.</summary>
/// <remarks>
/// It never waits for company: an operation that comes alone is committed at once. Where there are several, each has a savepoint, so that its failure undoes
/// nothing but its own statements.
/// </remarks>
internal sealed class SqliteWriter(OperationQueue queue, int maxBatch, Func<SqliteSession> open, TimeProvider time, IStorageEvents events)
    : SqliteWorker("PeerSync SQLite writer", queue, maxBatch, open)
{
    /// <inheritdoc/>
    protected override void Process(SqliteSession session, List<SqliteOperation> batch)
    {
        var started = time.GetTimestamp();
        session.Execute("BEGIN IMMEDIATE");
        if (batch is [{ IsAbandoned: false } single])
        {
            session.Execute(RunAlone(session, single) ? "COMMIT" : "ROLLBACK");
        }
        else
        {
            foreach (var operation in batch)
            {
                if (!operation.IsAbandoned)
                {
                    RunOne(session, operation);
                }
            }

            session.Execute("COMMIT");
        }

        foreach (var operation in batch)
        {
            operation.Publish();
        }

        events.TransactionCommitted(batch.Count, time.GetElapsedTime(started));
    }

    // The transaction itself is its savepoint, which saves a copy of every page that it changes.
    private static bool RunAlone(SqliteSession session, SqliteOperation operation)
    {
        var succeeded = operation.TryRun(session);
        return succeeded || session.IsInTransaction ? succeeded : throw operation.Fault!;
    }

    private static void RunOne(SqliteSession session, SqliteOperation operation)
    {
        session.Execute("SAVEPOINT operation");
        if (!operation.TryRun(session))
        {
            // After some faults, such as a full disk, SQLite has undone the whole transaction itself, and the operations before this one with it.
            if (!session.IsInTransaction)
            {
                throw operation.Fault!;
            }

            session.Execute("ROLLBACK TO operation");
        }

        session.Execute("RELEASE operation");
    }
}
