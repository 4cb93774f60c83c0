using System.Net.Sockets;
using Npgsql;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Journal;

namespace PeerSync.Storage.Postgres;

/// <summary>PostgreSQL through a pool of connections.</summary>
/// <remarks>
/// An operation that failed without effect is run once more: one that lost against a concurrent one (serialization, deadlock), or whose connection broke before
/// its commit was sent. A break after that leaves the outcome unknown, and the caller is told.
/// </remarks>
internal sealed class PostgresDatabase : Database
{
    // Any number will do, as long as every PeerSync uses it and other programs in the same database don't.
    private const long MigrationLock = 0x5065657253796E63;

    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _commandTimeout;

    private PostgresDatabase(
        NpgsqlDataSource source,
        NpgsqlConnectionStringBuilder settings,
        string version,
        StorageOptions options,
        TimeProvider time,
        IStorageEvents events)
        : base(options, time, events)
    {
        _source = source;
        _commandTimeout = TimeSpan.FromSeconds(settings.CommandTimeout);
        EngineVersion = version;
        Place = $"{settings.Host}:{settings.Port}/{settings.Database ?? settings.Username}";
    }

    /// <inheritdoc/>
    public override DatabaseEngine Engine => DatabaseEngine.Postgres;

    /// <inheritdoc/>
    public override string EngineVersion { get; }

    /// <inheritdoc/>
    public override string Place { get; }

    /// <summary>Makes the pool and its first connection.</summary>
    /// <exception cref="ArgumentException">The address cannot be understood.</exception>
    /// <exception cref="StorageUnavailableException">The server cannot be reached or refuses.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        string address,
        StorageOptions options,
        TimeProvider time,
        IStorageEvents events,
        CancellationToken cancellationToken)
    {
        var settings = PostgresAddress.Parse(address, options);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(EnsureDurableCommits, EnsureDurableCommitsAsync);
        var source = builder.Build();
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return new PostgresDatabase(source, settings, connection.PostgreSqlVersion.ToString(), options, time, events);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (IsFromEngine(e))
            {
                throw new StorageUnavailableException("The PostgreSQL server could not be reached.", e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override bool IsRefusal(Exception exception) => exception is PostgresException { IsTransient: false };

    /// <inheritdoc/>
    public override void WriteGroup(IGroupSource source) => _ = WriteGroupAsync(source);

    /// <inheritdoc/>
    protected override async Task<T> ReadCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(work, cancellationToken);
        }
        catch (Exception e) when (IsBrokenConnection(e))
        {
            await PrepareRetryAsync(operation, e, cancellationToken);
            return await ReadOnceAsync(work, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task<T> WriteCoreAsync<T>(string operation, Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var attempt = new WriteAttempt();
        try
        {
            return await WriteOnceAsync(work, attempt, cancellationToken);
        }
        catch (Exception e) when (IsLostConflict(e) || (IsBrokenConnection(e) && !attempt.CommitSent))
        {
            await PrepareRetryAsync(operation, e, cancellationToken);
            return await WriteOnceAsync(work, attempt, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task<T> RunExclusiveCoreAsync<T>(
        Func<DatabaseSession, ValueTask<T>> work,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new PostgresSession(connection, timeout, cancellationToken);

        // Held until the transaction ends, however it ends; so it also works through a pooler.
        await session.QueryFirstAsync("SELECT 1 FROM pg_advisory_xact_lock($1)", row => row.Integer(0), MigrationLock);
        var result = await work(session);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <inheritdoc/>
    protected override async Task PingCoreAsync(CancellationToken cancellationToken)
    {
        var readOnly = await WriteAsync(
            "checking the server",
            session => session.QueryFirstAsync("SELECT current_setting('transaction_read_only') FROM schema_migrations", row => row.Text(0)),
            cancellationToken);
        if (readOnly == "on")
        {
            throw new StorageUnavailableException("The PostgreSQL server accepts no writes: it is a standby or set to read only.");
        }
    }

    /// <inheritdoc/>
    protected override async Task CloseCoreAsync(CancellationToken deadline) => await _source.DisposeAsync();

    /// <inheritdoc/>
    protected override bool IsConstraintViolation(Exception exception) =>
        exception is PostgresException { SqlState: var state } && state.StartsWith("23", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override bool IsEngineFault(Exception exception) => IsFromEngine(exception);

    private static bool IsFromEngine(Exception exception) => exception is NpgsqlException or SocketException or IOException or TimeoutException;

    private static bool IsLostConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    private static bool IsBrokenConnection(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException => false,
        NpgsqlException { InnerException: SocketException or IOException } => true,
        _ => false,
    };

    private static void EnsureDurableCommits(NpgsqlConnection connection)
    {
        using var command = CreateDurableCommitsCommand(connection);
        command.ExecuteNonQuery();
    }

    private static async Task EnsureDurableCommitsAsync(NpgsqlConnection connection)
    {
        await using var command = CreateDurableCommitsCommand(connection);
        await command.ExecuteNonQueryAsync();
    }

    // Only "off" loses commits when the server crashes. The other values stay, because an operator with standbys may have asked for more than "on".
    // A statement and not a start-up parameter, because poolers refuse those that they do not know.
    private static NpgsqlCommand CreateDurableCommitsCommand(NpgsqlConnection connection) =>
        new("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", connection);

    private async Task WriteGroupAsync(IGroupSource source)
    {
        JournalGroup? group = null;
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            group = source.Take();
            if (group is null)
            {
                return;
            }

            await new PostgresJournalWriter(connection, _commandTimeout).WriteAsync(group);
        }
        catch (Exception e)
        {
            if (IsBrokenConnection(e))
            {
                _source.Clear();
            }

            // Whatever it was, the batches know whether they were written, and those that do not are tried again until their deadline.
            source.Fail(group, e);
            return;
        }

        source.Complete(group);
    }

    private async Task<T> ReadOnceAsync<T>(Func<DatabaseSession, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await work(new PostgresSession(connection, _commandTimeout, cancellationToken));
    }

    private async Task<T> WriteOnceAsync<T>(Func<DatabaseSession, ValueTask<T>> work, WriteAttempt attempt, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(new PostgresSession(connection, _commandTimeout, cancellationToken));

        // Not cancelled any more: a commit that is given up half-way may or may not have happened.
        attempt.CommitSent = true;
        await transaction.CommitAsync(CancellationToken.None);
        Events.TransactionCommitted(1, Time.GetElapsedTime(started));
        return result;
    }

    private async Task PrepareRetryAsync(string operation, Exception reason, CancellationToken cancellationToken)
    {
        Events.OperationRetried(operation, reason);
        if (IsBrokenConnection(reason))
        {
            // When one connection broke, the server is likely to have dropped the idle ones too.
            _source.Clear();
        }
        else
        {
            // Whoever won must get the locks before this one asks for them again, or both meet as before.
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(10, 50)), Time, cancellationToken);
        }
    }

    private sealed class WriteAttempt
    {
        public bool CommitSent { get; set; }
    }
}
