using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

internal sealed partial class SyncDirectory
{
    /// <inheritdoc/>
    public Task<SyncRemoveStatus> RemoveAsync(string userId, Guid deviceId, string? reason, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var entry = new Entry(SyncText.Of(deviceId), userId, StorableText.Clean(reason), userId, database.Now);
        return database.WriteAsync("removing a device", session => RemoveAsync(session, entry), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RevokeAsync(Guid deviceId, string userId, string? reason, string? revokedBy, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var entry = new Entry(SyncText.Of(deviceId), userId, StorableText.Clean(reason), StorableText.Clean(revokedBy), database.Now);
        return database.WriteAsync("revoking a device", session => RevokeAsync(session, entry), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> UnrevokeAsync(Guid deviceId, CancellationToken cancellationToken)
    {
        var id = SyncText.Of(deviceId);
        var now = database.Now;
        return database.WriteAsync("unrevoking a device", session => UnrevokeAsync(session, id, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SyncRevocation>> ListRevocationsAsync(string? userId, CancellationToken cancellationToken)
    {
        const string Columns = "device_id, user_id, revoked_at, reason, revoked_by";
        if (userId is not null)
        {
            SyncText.RequireUserId(userId);
        }

        return await database.ReadAsync(
            "listing revoked devices",
            session => userId is null
                ? session.QueryAsync(
                    $"SELECT {Columns} FROM sync_revocations ORDER BY revoked_at DESC LIMIT $1", MapRevocation, SyncRevocation.MaxListed)
                : session.QueryAsync(
                    $"SELECT {Columns} FROM sync_revocations WHERE user_id = $1 ORDER BY revoked_at DESC LIMIT $2",
                    MapRevocation,
                    userId,
                    SyncRevocation.MaxListed),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> IsRevokedAsync(Guid deviceId, CancellationToken cancellationToken)
    {
        var id = SyncText.Of(deviceId);
        return database.ReadAsync("looking for a revocation", session => SyncRows.IsRevokedAsync(session, id), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>?> DeleteUserAsync(string userId, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var now = database.Now;
        return database.WriteAsync("deleting a user", session => DeleteUserAsync(session, userId, now), cancellationToken);
    }

    private static async ValueTask<SyncRemoveStatus> RemoveAsync(DatabaseSession session, Entry entry)
    {
        await SyncRows.HoldUserAsync(session, entry.UserId);
        var device = await SyncRows.FindDeviceAsync(session, entry.DeviceId);
        if (device is null)
        {
            return SyncRemoveStatus.NotFound;
        }

        if (device.UserId != entry.UserId)
        {
            return SyncRemoveStatus.Foreign;
        }

        await session.ExecuteAsync("DELETE FROM sync_devices WHERE id = $1", entry.DeviceId);
        await ListAsync(session, entry);
        await SyncRows.AuditAsync(session, entry.Now, "device.remove", entry.UserId, entry.DeviceId);
        return SyncRemoveStatus.Removed;
    }

    private static async ValueTask<bool> RevokeAsync(DatabaseSession session, Entry entry)
    {
        // A login of the device that is under way holds the row of the user that it belongs to, and asks for the list only then.
        if (await SyncRows.FindDeviceAsync(session, entry.DeviceId) is { } device)
        {
            await SyncRows.HoldUserAsync(session, device.UserId);
        }

        await ListAsync(session, entry);
        await SyncRows.AuditAsync(session, entry.Now, "device.revoke", entry.RevokedBy, entry.DeviceId, entry.Reason);
        return true;
    }

    private static async ValueTask<bool> UnrevokeAsync(DatabaseSession session, string deviceId, DateTimeOffset now)
    {
        var deleted = await session.ExecuteAsync("DELETE FROM sync_revocations WHERE device_id = $1", deviceId);
        if (deleted != 0)
        {
            await SyncRows.AuditAsync(session, now, "device.unrevoke", null, deviceId);
        }

        return deleted != 0;
    }

    private static async ValueTask<IReadOnlyList<Guid>?> DeleteUserAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        if (!await SyncRows.HoldUserAsync(session, userId))
        {
            return null;
        }

        var devices = await session.QueryAsync("DELETE FROM sync_devices WHERE user_id = $1 RETURNING id", row => row.Text(0), userId);
        foreach (var deviceId in devices)
        {
            await ListAsync(session, new Entry(deviceId, userId, "Account deleted", userId, now));
        }

        await session.ExecuteAsync("DELETE FROM sync_users WHERE id = $1", userId);
        await SyncRows.AuditAsync(session, now, "user.delete", userId, null);
        return [.. devices.Select(Guid.Parse)];
    }

    /// <summary>Puts a device on the list, and ends the codes that it showed: whoever may not log in may not invite either.</summary>
    private static async ValueTask ListAsync(DatabaseSession session, Entry entry)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO sync_revocations (device_id, user_id, reason, revoked_by, revoked_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (device_id) DO UPDATE SET
                user_id = excluded.user_id,
                reason = excluded.reason,
                revoked_by = excluded.revoked_by,
                revoked_at = excluded.revoked_at
            """,
            entry.DeviceId,
            entry.UserId,
            entry.Reason,
            entry.RevokedBy,
            entry.Now);
        await SyncRows.EndPairingsAsync(session, entry.DeviceId);
    }

    private static SyncRevocation MapRevocation(SqlRow row) =>
        new(Guid.Parse(row.Text(0)), row.Text(1), row.Time(2), row.TextOrNull(3), row.TextOrNull(4));

    private sealed record Entry(string DeviceId, string UserId, string? Reason, string? RevokedBy, DateTimeOffset Now);
}
