namespace PeerSync.Storage;

/// <summary>Where the data lives and how long an operation may take.</summary>
public sealed record StorageOptions
{
    /// <summary>The folder of the SQLite file; made when missing. Not used with PostgreSQL.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// A PostgreSQL address, as <c>postgres://user:password@host:port/database?sslmode=require</c> or as Npgsql's <c>Host=...;Database=...</c>.
    /// Null or empty: SQLite. What it says about pools and timeouts goes before the settings here. Behind a pooler that changes connections between
    /// transactions, add <c>pgbouncer=true</c>, so that no statements are prepared. The account needs no right to create tables once they exist.
    /// </summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>
    /// How long one operation may take before it fails with <see cref="StorageUnavailableException"/>, at least a second. SQLite: its wait in the queue
    /// included. PostgreSQL: each of its statements, and its wait for a connection. The default of 10 seconds is below the 15 to 30 seconds after which clients
    /// and proxies give up on a request.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// SQLite: how long to wait for another process that holds the file. At least a millisecond. The default of 5 seconds outlasts an operator's backup or
    /// shell and still leaves time to answer within <see cref="CommandTimeout"/>.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long all migrations together may take, the wait for another process that applies them included. At least a second.</summary>
    public TimeSpan MigrationTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long closing waits for operations that are under way. Whatever is left then fails.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// SQLite: how many operations may wait for the writer, and as many for the readers, 1 and up. Further callers wait asynchronously. The default of
    /// 4,096 is a fifth of a second of work for the writer.
    /// </summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>
    /// SQLite: how many operations one transaction may hold, 1 and up. The default of 256 already makes the cost of the disk's flush per operation small, and
    /// keeps the first of a batch from waiting long for the last.
    /// </summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>SQLite: connections, each with its thread, that answer reads, 1 to 64. Reads come from memory mostly, so a few suffice.</summary>
    public int ReadConnections { get; init; } = 2;

    /// <summary>PostgreSQL: connections at most, 1 and up. The default of 20 lets four nodes share a server of the usual 100.</summary>
    public int MaxPoolSize { get; init; } = 20;

    /// <summary>
    /// How long a write to the journal may take, waiting for room and repeated attempts included, before it fails with
    /// <see cref="Kernel.JournalUnavailableException"/>; at least a tenth of a second. The default of 10 seconds outlasts a restart of PostgreSQL.
    /// </summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many events may queue up for the journal, 1 and up; the writes beyond wait for room. The default of 20,000 is about a second of work.
    /// </summary>
    public int JournalQueueEvents { get; init; } = 20_000;

    /// <summary>How many bytes of events may queue up for the journal, at least 1 MiB.</summary>
    public long JournalQueueBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many events one group may hold before it takes no further write, 1 and up. The default of 2,000 makes the flush of the disk small beside the inserts;
    /// more would only keep the first of a group waiting longer.
    /// </summary>
    public int JournalGroupEvents { get; init; } = 2000;

    /// <summary>How many bytes one group may hold before it takes no further write, at least 64 KiB.</summary>
    public long JournalGroupBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(CommandTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MigrationTimeout, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ShutdownTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadConnections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadConnections, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPoolSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalTimeout, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueBytes, 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalGroupEvents, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalGroupBytes, 64 * 1024);
    }
}
