using Microsoft.Data.Sqlite;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Journal;

namespace PeerSync.Storage.Sqlite;

/// <summary>SQLite in one file: one thread writes, a few read.</summary>
internal sealed class SqliteDatabase : Database
{
    private readonly SqliteFile _file;
    private readonly OperationQueue _writes;
    private readonly OperationQueue _reads;
    private readonly List<SqliteWorker> _workers = [];

    private SqliteDatabase(SqliteFile file, string version, StorageOptions options, TimeProvider time, IStorageEvents events)
        : base(options, time, events)
    {
        _file = file;
        EngineVersion = version;
        _writes = new OperationQueue(options.QueueCapacity);
        _reads = new OperationQueue(options.QueueCapacity);
        _workers.Add(new SqliteWriter(_writes, options.MaxBatch, () => file.OpenWriter(options.BusyTimeout), time, events));
        for (var number = 1; number <= options.ReadConnections; number++)
        {
            _workers.Add(new SqliteReader(number, _reads, () => file.OpenReader(options.BusyTimeout)));
        }
    }

    /// <inheritdoc/>
    public override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    /// <inheritdoc/>
    public override string EngineVersion { get; }

    /// <inheritdoc/>
    public override string Place => _file.Path;

    /// <summary>Makes the file where it is missing and starts the threads.</summary>
    /// <exception cref="StorageUnavailableException">The file cannot be made or opened.</exception>
    public static async Task<SqliteDatabase> OpenAsync(StorageOptions options, TimeProvider time, IStorageEvents events)
    {
        try
        {
            var version = SqliteNative.EnsureLoaded();
            var file = new SqliteFile(options.DataFolder);

            // Off the caller's thread, because SQLite blocks; with the patience of a migration, because another process may be at just this.
            await Task.Run(() => file.CreateAsync(options.MigrationTimeout));
            var database = new SqliteDatabase(file, version, options, time, events);
            database._workers.ForEach(worker => worker.Start());
            return database;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new StorageUnavailableException("The database file could not be opened.", e);
        }
    }

    /// <inheritdoc/>
    public override bool IsRefusal(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_CONSTRAINT };

    /// <inheritdoc/>
    public override void WriteGroup(IGroupSource source) => _ = EnqueueAsync(source);

    /// <inheritdoc/>
    protected override Task<T> ReadCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        RunAsync(_reads, new SqliteOperation<T>(work), cancellationToken);

    /// <inheritdoc/>
    protected override Task<T> WriteCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken) =>
        RunAsync(_writes, new SqliteOperation<T>(work), cancellationToken);

    /// <inheritdoc/>
    protected override Task<T> RunExclusiveCoreAsync<T>(Func<DatabaseSession, ValueTask<T>> work, TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.Run(
            async () =>
            {
                using var session = _file.OpenWriter(timeout);

                // SQLite has one writer: this is the lock.
                session.Execute("BEGIN IMMEDIATE");
                var result = await work(session);
                session.Execute("COMMIT");
                return result;
            },
            cancellationToken);

    /// <inheritdoc/>
    protected override async Task PingCoreAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(
            "checking the readers", session => session.QueryFirstAsync("SELECT count(*) FROM schema_migrations", row => row.Integer(0)), cancellationToken);

        // Really writes a page, with the number that is there anyway: it fails where the file is locked by others, the disk is full or cannot be written.
        await WriteAsync("checking the writer", session => session.ExecuteAsync("PRAGMA user_version = 0"), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task CloseCoreAsync(CancellationToken deadline)
    {
        if (deadline.IsCancellationRequested)
        {
            var closing = new StorageUnavailableException("The database was closed before the operation's turn came.");
            _writes.CloseAndFail(closing);
            _reads.CloseAndFail(closing);
        }

        _writes.Close();
        _reads.Close();
        await Task.WhenAny(Task.WhenAll(_workers.Select(worker => worker.Ended)), Task.Delay(Timeout.InfiniteTimeSpan, Time, deadline));
    }

    /// <inheritdoc/>
    protected override bool IsConstraintViolation(Exception exception) => exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT };

    /// <inheritdoc/>
    protected override bool IsEngineFault(Exception exception) => exception is SqliteException;

    private async Task EnqueueAsync(IGroupSource source)
    {
        var operation = new SqliteJournalOperation(source);
        try
        {
            if (!_writes.TryEnqueue(operation))
            {
                await WaitForRoomAsync(_writes, operation, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            operation.Fail(e);
        }
    }

    private async Task<T> RunAsync<T>(OperationQueue queue, SqliteOperation<T> operation, CancellationToken cancellationToken)
    {
        if (!queue.TryEnqueue(operation))
        {
            await WaitForRoomAsync(queue, operation, cancellationToken);
        }

        try
        {
            return await operation.Completion.WaitAsync(Options.CommandTimeout, Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            operation.Abandon();
            throw;
        }
    }

    private async Task WaitForRoomAsync(OperationQueue queue, SqliteOperation operation, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Options.CommandTimeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await queue.EnqueueAsync(operation, either.Token);
    }
}
