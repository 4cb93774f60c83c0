namespace PeerSync.Actors.Sync;

/// <summary>Why a device is made to go (PocketBridge contract, sections 5.2 and 5.3).</summary>
public enum SyncDisconnect
{
    /// <summary>
    /// Its user removed it: <c>device_revoked</c> with the reason <c>Device has been removed by user</c>, and 500 ms later close 1000 <c>Device revoked</c>.
    /// </summary>
    Removed,

    /// <summary>The operator revoked it: <c>device_revoked</c>, and close 1008 <c>Device has been revoked</c>.</summary>
    Revoked,

    /// <summary>Its user's account was deleted: <c>device_revoked</c>, and close 1008 <c>Device has been revoked</c>.</summary>
    AccountDeleted,
}
