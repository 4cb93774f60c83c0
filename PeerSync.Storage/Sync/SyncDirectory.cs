using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

/// <summary>The tables <c>sync_users</c>, <c>sync_devices</c>, <c>sync_profiles</c> and <c>sync_revocations</c>.</summary>
internal sealed partial class SyncDirectory(Database database) : ISyncDirectory
{
    private const int MaxBatch = 10_000;

    // A device changes hands only by pairing and removal; that it does so again and again during one login does not happen by itself.
    private const int MaxLoginAttempts = 5;

    /// <inheritdoc/>
    public Task<SyncLogin> LogInAsync(Guid deviceId, string identity, string? name, string? type, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(identity);
        if (type is not (null or "mobile" or "desktop" or "web"))
        {
            throw new ArgumentException("A device is mobile, desktop or web.", nameof(type));
        }

        var login = new Login(SyncText.Of(deviceId), identity, CleanName(name), type, database.Now);
        return database.WriteAsync("logging in a device", session => LogInAsync(session, login), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SyncDevice>> ListDevicesAsync(string userId, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        return await database.ReadAsync(
            "listing a user's devices",
            session => session.QueryAsync(
                $"SELECT {SyncRows.DeviceColumns} FROM sync_devices WHERE user_id = $1 ORDER BY last_seen DESC, id", SyncRows.MapDevice, userId),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SyncDevice?> FindDeviceAsync(Guid deviceId, CancellationToken cancellationToken)
    {
        var id = SyncText.Of(deviceId);
        return database.ReadAsync("finding a device", session => SyncRows.FindDeviceAsync(session, id), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SyncRenameStatus> RenameAsync(string userId, Guid deviceId, string name, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, SyncDevice.MaxNameLength, nameof(name));
        var id = SyncText.Of(deviceId);
        var clean = CleanName(name)!;
        return database.WriteAsync("renaming a device", session => RenameAsync(session, userId, id, clean), cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveCursorsAsync(IReadOnlyList<(Guid DeviceId, string UserId, long Cursor)> cursors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        if (cursors.Count == 0)
        {
            return Task.CompletedTask;
        }

        // In one order everywhere, so that two batches cannot wait for each other's rows.
        var ordered = cursors.OrderBy(cursor => cursor.DeviceId).ToList();
        return database.WriteAsync("saving cursors", session => SaveCursorsAsync(session, ordered), cancellationToken);
    }

    /// <inheritdoc/>
    public Task TouchAsync(Guid deviceId, CancellationToken cancellationToken)
    {
        var id = SyncText.Of(deviceId);
        var now = database.Now;
        return database.WriteAsync(
            "noting that a device was seen",
            session => session.ExecuteAsync("UPDATE sync_devices SET last_seen = $2 WHERE id = $1 AND last_seen < $2", id, now),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SyncDevice>> FindInactiveDevicesAsync(DateTimeOffset before, int max, CancellationToken cancellationToken)
    {
        RequireBatch(max);
        return await database.ReadAsync(
            "finding inactive devices",
            session => session.QueryAsync(
                $"SELECT {SyncRows.DeviceColumns} FROM sync_devices WHERE last_seen < $1 ORDER BY last_seen LIMIT $2", SyncRows.MapDevice, before, max),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteInactiveDevicesAsync(IReadOnlyCollection<Guid> deviceIds, DateTimeOffset before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deviceIds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceIds.Count, MaxBatch, nameof(deviceIds));
        var ids = deviceIds.Order().Select(SyncText.Of).ToList();
        return database.WriteAsync("deleting inactive devices", session => DeleteInactiveAsync(session, ids, before), cancellationToken);
    }

    private static async ValueTask<SyncLogin> LogInAsync(DatabaseSession session, Login login)
    {
        for (var attempt = 1; attempt <= MaxLoginAttempts; attempt++)
        {
            var known = await SyncRows.FindDeviceAsync(session, login.DeviceId);
            if (await SyncRows.IsRevokedAsync(session, login.DeviceId))
            {
                return new SyncLogin(SyncLoginStatus.Revoked, null);
            }

            if (known is not null && login.Identity != known.OwnKey && login.Identity != known.UserId)
            {
                return new SyncLogin(SyncLoginStatus.Foreign, null);
            }

            var userId = known?.UserId ?? login.Identity;
            await SyncRows.EnsureUserAsync(session, userId, login.Now);

            // Asked again, because whoever held the user's row before may have revoked or moved the device.
            if (await SyncRows.IsRevokedAsync(session, login.DeviceId))
            {
                return new SyncLogin(SyncLoginStatus.Revoked, null);
            }

            if (await WriteLoginAsync(session, login, userId) is { } device)
            {
                return new SyncLogin(SyncLoginStatus.Accepted, device);
            }
        }

        throw new StorageUnavailableException($"A device changed hands during each of {MaxLoginAttempts} attempts to log it in.");
    }

    /// <summary>Writes the device's row while the user's is held.</summary>
    /// <returns>Null where the device is another user's by now.</returns>
    private static async ValueTask<SyncDevice?> WriteLoginAsync(DatabaseSession session, Login login, string userId)
    {
        var name = login.Name is null ? null : await DeviceNames.FindFreeAsync(session, userId, login.DeviceId, login.Name);
        var updated = await session.QueryFirstAsync(
            $"""
            UPDATE sync_devices SET name = coalesce($3, name), type = coalesce($4, type), last_seen = $5
            WHERE id = $1 AND user_id = $2
            RETURNING {SyncRows.DeviceColumns}
            """,
            SyncRows.MapDevice,
            login.DeviceId,
            userId,
            name,
            login.Type,
            login.Now);
        if (updated is not null || userId != login.Identity)
        {
            return updated;
        }

        var inserted = await session.QueryFirstAsync(
            $"""
            INSERT INTO sync_devices (id, user_id, own_key, name, type, registered_at, last_seen) VALUES ($1, $2, $2, $3, $4, $5, $5)
            ON CONFLICT (id) DO NOTHING
            RETURNING {SyncRows.DeviceColumns}
            """,
            SyncRows.MapDevice,
            login.DeviceId,
            userId,
            name,
            login.Type,
            login.Now);
        if (inserted is not null)
        {
            await SyncRows.AuditAsync(session, login.Now, "device.register", userId, login.DeviceId);
        }

        return inserted;
    }

    private static async ValueTask<SyncRenameStatus> RenameAsync(DatabaseSession session, string userId, string deviceId, string name)
    {
        await SyncRows.HoldUserAsync(session, userId);
        var device = await SyncRows.FindDeviceAsync(session, deviceId);
        if (device is null)
        {
            return SyncRenameStatus.NotFound;
        }

        if (device.UserId != userId)
        {
            return SyncRenameStatus.Foreign;
        }

        if (await DeviceNames.IsTakenAsync(session, userId, deviceId, name))
        {
            return SyncRenameStatus.NameTaken;
        }

        await session.ExecuteAsync("UPDATE sync_devices SET name = $2 WHERE id = $1", deviceId, name);
        return SyncRenameStatus.Renamed;
    }

    private static async ValueTask<int> SaveCursorsAsync(DatabaseSession session, List<(Guid DeviceId, string UserId, long Cursor)> cursors)
    {
        var saved = 0;
        foreach (var (deviceId, userId, cursor) in cursors)
        {
            saved += await session.ExecuteAsync(
                "UPDATE sync_devices SET confirmed = $3 WHERE id = $1 AND user_id = $2 AND confirmed < $3", SyncText.Of(deviceId), userId, cursor);
        }

        return saved;
    }

    private static async ValueTask<int> DeleteInactiveAsync(DatabaseSession session, List<string> deviceIds, DateTimeOffset before)
    {
        var deleted = 0;
        foreach (var deviceId in deviceIds)
        {
            deleted += await session.ExecuteAsync("DELETE FROM sync_devices WHERE id = $1 AND last_seen < $2", deviceId, before);
        }

        return deleted;
    }

    private static string? CleanName(string? name) => string.IsNullOrEmpty(name) ? null : StorableText.Clean(SyncText.Cut(name, SyncDevice.MaxNameLength));

    private static void RequireBatch(int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxBatch);
    }

    private sealed record Login(string DeviceId, string Identity, string? Name, string? Type, DateTimeOffset Now);
}
