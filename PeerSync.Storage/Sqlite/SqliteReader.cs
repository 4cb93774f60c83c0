namespace PeerSync.Storage.Sqlite;

/// <summary>One of the readers. In WAL mode they neither wait for the writer nor hold it up.</summary>
internal sealed class SqliteReader(int number, OperationQueue queue, Func<SqliteSession> open)
    : SqliteWorker($"PeerSync SQLite reader {number}", queue, maxBatch: 1, open)
{
    /// <inheritdoc/>
    protected override void Process(SqliteSession session, List<SqliteOperation> batch)
    {
        foreach (var operation in batch)
        {
            if (!operation.IsAbandoned && !operation.TryRun(session))
            {
                throw operation.Fault!;
            }

            operation.Publish();
        }
    }
}
