namespace PeerSync.Actors.Sync;

/// <summary>The live side of the Sync feature as the HTTP endpoints see it.</summary>
/// <remarks>Thread-safe. Every method throws <see cref="OperationCanceledException"/> when cancelled.</remarks>
public interface ISyncDevices
{
    /// <summary>The user's devices that have an authenticated socket.</summary>
    Task<IReadOnlyList<SyncLiveDevice>> GetOnlineAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Tells a device why it must go and closes its sockets; completes when the device has been told, and at once for one without a socket.</summary>
    Task DisconnectAsync(Guid deviceId, string userId, SyncDisconnect kind, CancellationToken cancellationToken);

    /// <summary>Deletes the user's whole stream of events.</summary>
    /// <returns>How many events it had.</returns>
    /// <exception cref="PeerSync.Storage.StorageUnavailableException">The database failed; some may have been deleted.</exception>
    Task<long> DeleteEventsAsync(string userId, CancellationToken cancellationToken);
}
