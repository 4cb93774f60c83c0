using PeerSync.Kernel;
using PeerSync.Storage.Calls;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Journal;
using PeerSync.Storage.Peers;
using PeerSync.Storage.Rooms;
using PeerSync.Storage.Sharing;
using PeerSync.Storage.Sync;

namespace PeerSync.Storage;

/// <summary>An open database with everything that is kept in it. Made by <see cref="StorageFactory"/>; one for the whole process.</summary>
/// <remarks>Thread-safe. Disposing refuses new operations, lets those under way finish within a deadline, and closes.</remarks>
public sealed class DataStore : IAsyncDisposable
{
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly GroupCommitter _committer;

    internal DataStore(Database database, StorageOptions options, TimeProvider time, IStorageEvents events)
    {
        Database = database;
        _options = options;
        _time = time;
        _committer = new GroupCommitter(database, options, time, events);
        Events = new EventQueries(database);
        Peers = new PeerDirectory(database, InviteCode.Generate);
        Sync = new SyncDirectory(database);
        RevokedRoomTokens = new RevokedRoomTokens(database);
        Calls = new CallsDirectory(database);
        Sharing = new SharingStore(database);
        Audit = new AuditLog(database);
    }

    /// <summary>The engine in use.</summary>
    public DatabaseEngine Engine => Database.Engine;

    /// <summary>The engine's version, as it reports it; for SQLite that of the native library which was chosen.</summary>
    public string EngineVersion => Database.EngineVersion;

    /// <summary>Where the data is: the file's path, or host, port and database name; never a password.</summary>
    public string Place => Database.Place;

    /// <summary>Users, networks and memberships.</summary>
    public IPeerDirectory Peers { get; }

    /// <summary>Users, devices, profiles and revocations of the Sync feature.</summary>
    public ISyncDirectory Sync { get; }

    /// <summary>Revoked tokens of the Rooms feature.</summary>
    public IRevokedRoomTokens RevokedRoomTokens { get; }

    /// <summary>Devices, blocks, bans, reports and strikes of the Calls feature.</summary>
    public ICallsDirectory Calls { get; }

    /// <summary>Accounts, teams, device keys, shares and the feed of the Sharing feature.</summary>
    public SharingStore Sharing { get; }

    /// <summary>The audit log.</summary>
    public IAuditLog Audit { get; }

    /// <summary>The pairing codes of the Sync feature, which only those read who have the keys.</summary>
    public ISyncPairings CreateSyncPairings(SyncPairingKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new SyncPairings(Database, keys, SyncPairings.GenerateCode);
    }

    /// <summary>Events of the journal, for those who are not their actor: pages, tags, clean-up.</summary>
    public IEventQueries Events { get; }

    /// <summary>The journal. All that are made share one queue and its groups.</summary>
    /// <param name="serialization">Turns events into bytes and back.</param>
    public AsyncWriteJournal CreateJournal(Serialization serialization)
    {
        ArgumentNullException.ThrowIfNull(serialization);
        return new SqlJournal(Database, _committer, serialization);
    }

    /// <summary>The snapshot store.</summary>
    /// <param name="serialization">Turns states into bytes and back.</param>
    public SnapshotStore CreateSnapshotStore(Serialization serialization)
    {
        ArgumentNullException.ThrowIfNull(serialization);
        return new SqlSnapshotStore(Database, serialization);
    }

    /// <summary>Asks the database whether it answers and accepts writes. An unhealthy database is an answer, not an exception.</summary>
    /// <param name="deadline">How long it may take, more than zero; a readiness probe allows a second or two.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public async Task<StorageHealth> CheckAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        var started = _time.GetTimestamp();
        try
        {
            await Database.PingAsync(deadline, cancellationToken);

            // A small write may still find room where the events do not.
            var isStalled = _committer.IsStalled;
            return new StorageHealth(!isStalled, _time.GetElapsedTime(started), isStalled ? "Events cannot be written." : null);
        }
        catch (StorageUnavailableException e)
        {
            return new StorageHealth(IsHealthy: false, _time.GetElapsedTime(started), e.Message);
        }
        catch (ObjectDisposedException)
        {
            return new StorageHealth(IsHealthy: false, _time.GetElapsedTime(started), "The database is closed.");
        }
    }

    /// <summary>For the tables of this project.</summary>
    internal Database Database { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(_options.ShutdownTimeout, _time);
        await _committer.CloseAsync(deadline.Token);
        await Database.CloseAsync(deadline.Token);
    }
}
