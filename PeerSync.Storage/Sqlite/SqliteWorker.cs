namespace PeerSync.Storage.Sqlite;

/// <summary>A thread that owns one connection and runs queued operations on it.</summary>
/// <remarks>A thread of its own, because SQLite blocks: on the thread pool it would hold up sockets.</remarks>
internal abstract class SqliteWorker
{
    private readonly OperationQueue _queue;
    private readonly int _maxBatch;
    private readonly Func<SqliteSession> _open;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? _session;

    /// <summary>Prepares the thread; <see cref="Start"/> starts it.</summary>
    protected SqliteWorker(string name, OperationQueue queue, int maxBatch, Func<SqliteSession> open)
    {
        _queue = queue;
        _maxBatch = maxBatch;
        _open = open;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Completes when the queue is closed and empty and the connection is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs operations and publishes their outcomes. What it throws becomes the outcome of all that were not published.</summary>
    protected abstract void Process(SqliteSession session, List<SqliteOperation> batch);

    private void Run()
    {
        var batch = new List<SqliteOperation>();
        while (_queue.Take(batch, _maxBatch))
        {
            try
            {
                Process(_session ??= _open(), batch);
            }
            catch (Exception e)
            {
                // The state of this connection is not known; that of a new one is, and closing the old one undoes its transaction.
                CloseSession();
                foreach (var operation in batch)
                {
                    operation.Fail(e);
                }
            }

            batch.Clear();
        }

        CloseSession();
        _ended.SetResult();
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }
}
