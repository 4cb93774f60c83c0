using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

/// <summary>The statements that the parts of the Sync tables share.</summary>
internal static class SyncRows
{
    /// <summary>The columns that <see cref="MapDevice"/> reads.</summary>
    public const string DeviceColumns = "id, user_id, own_key, name, type, registered_at, last_seen, confirmed";

    /// <summary>The feature's name in the audit log.</summary>
    private const string Feature = "sync";

    /// <summary>A device from its row.</summary>
    public static SyncDevice MapDevice(SqlRow row) => new(
        Guid.Parse(row.Text(0)), row.Text(1), row.Text(2), row.TextOrNull(3), row.TextOrNull(4), row.Time(5), row.Time(6), row.Integer(7));

    /// <summary>A device, whoever's it is.</summary>
    public static ValueTask<SyncDevice?> FindDeviceAsync(DatabaseSession session, string deviceId) =>
        session.QueryFirstAsync($"SELECT {DeviceColumns} FROM sync_devices WHERE id = $1", MapDevice, deviceId);

    /// <summary>
    /// Keeps a user's row until the transaction ends, so that changes of one user's devices come one after the other: names are unique only if the one who
    /// looks is the one who writes. Users are held in the order of their ids and before their devices, or two transactions would wait for each other.
    /// </summary>
    /// <returns>False where the user is not known.</returns>
    public static async ValueTask<bool> HoldUserAsync(DatabaseSession session, string userId) =>
        await session.ExecuteAsync("UPDATE sync_users SET last_activity = last_activity WHERE id = $1", userId) == 1;

    /// <summary>As <see cref="HoldUserAsync"/>, and notes that the user was active; writes a missing user's row.</summary>
    public static ValueTask<int> EnsureUserAsync(DatabaseSession session, string userId, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            INSERT INTO sync_users (id, created_at, last_activity) VALUES ($1, $2, $2)
            ON CONFLICT (id) DO UPDATE SET last_activity = excluded.last_activity
            """,
            userId,
            now);

    /// <summary>Whether a device is on the revoked list.</summary>
    public static async ValueTask<bool> IsRevokedAsync(DatabaseSession session, string deviceId) =>
        await session.QueryFirstAsync("SELECT count(*) FROM sync_revocations WHERE device_id = $1", row => row.Integer(0), deviceId) != 0;

    /// <summary>Ends the unused codes of a device.</summary>
    public static ValueTask<int> EndPairingsAsync(DatabaseSession session, string deviceId) =>
        session.ExecuteAsync("DELETE FROM sync_pairings WHERE device_id = $1 AND used = 0", deviceId);

    /// <summary>Appends to the audit log as part of the operation.</summary>
    public static ValueTask<int> AuditAsync(DatabaseSession session, DateTimeOffset now, string action, string? actor, string? subject, string? detail = null) =>
        AuditLog.AppendAsync(session, now, new AuditEntry(Feature, action, actor, subject, detail));
}
