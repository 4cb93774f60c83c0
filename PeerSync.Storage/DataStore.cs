using PeerSync.Storage.Databases;
using PeerSync.Storage.Peers;

namespace PeerSync.Storage;

/// <summary>An open database with everything that is kept in it. Made by <see cref="StorageFactory"/>; one for the whole process.</summary>
/// <remarks>Thread-safe. Disposing refuses new operations, lets those under way finish within a deadline, and closes.</remarks>
public sealed class DataStore : IAsyncDisposable
{
    private readonly TimeProvider _time;

    internal DataStore(Database database, TimeProvider time)
    {
        Database = database;
        _time = time;
        Peers = new PeerDirectory(database, InviteCode.Generate);
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

    /// <summary>The audit log.</summary>
    public IAuditLog Audit { get; }

    /// <summary>Asks the database whether it answers and would accept a write. An unhealthy database is an answer, not an exception.</summary>
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
            return new StorageHealth(IsHealthy: true, _time.GetElapsedTime(started), Fault: null);
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
    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
