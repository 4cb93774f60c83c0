using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Calls;

/// <summary>The tables of the Calls feature: devices and blocks.</summary>
internal sealed partial class CallsDirectory(Database database) : ICallsDirectory
{
    private const int MaxListed = 1000;
    private const int MaxBatch = 10_000;

    /// <inheritdoc/>
    public Task<CallsDevice> EnsureDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        var now = database.Now;
        return database.WriteAsync("noting that a device was seen", session => CallsRows.EnsureDeviceAsync(session, deviceId, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsDevice?> FindDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        return database.ReadAsync("finding a device", session => CallsRows.FindDeviceAsync(session, deviceId), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsStanding> GetStandingAsync(string deviceId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        var now = database.Now;
        return database.ReadAsync("reading a device's standing", session => GetStandingAsync(session, deviceId, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsDevice> SetRoleAsync(string deviceId, CallsRole role, string? by, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        var now = database.Now;
        return database.WriteAsync(
            "giving a device a role",
            async session =>
            {
                await CallsRows.EnsureDeviceAsync(session, deviceId, now);
                await CallsRows.AuditAsync(session, now, "device.role", by, deviceId, CallsRows.Word(role));
                return (await session.QueryFirstAsync(
                    $"UPDATE calls_devices SET role = $2 WHERE id = $1 RETURNING {CallsRows.DeviceColumns}", CallsRows.MapDevice, deviceId, CallsRows.Word(role)))!;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallsDevice>> ListModeratorsAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            "listing moderators",
            static session => session.QueryAsync($"SELECT {CallsRows.DeviceColumns} FROM calls_devices WHERE role <> 'user' ORDER BY id", CallsRows.MapDevice),
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> RecordCallAsync(string deviceId, TimeSpan duration, bool skipped, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        return database.WriteAsync("rating a device", session => RecordCallAsync(session, deviceId, (long)duration.TotalSeconds, skipped ? 1 : 0), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsBlockStatus> BlockAsync(string blocker, string blocked, string? reason, string? sessionId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(blocker);
        CallsRows.RequireDeviceId(blocked);
        if (blocker == blocked)
        {
            throw new ArgumentException("A device cannot block itself.", nameof(blocked));
        }

        var cleanReason = CallsRows.Text(reason, CallsBlock.MaxReasonLength);
        var cleanSession = CallsRows.Text(sessionId, NewCallsReport.MaxSessionIdLength);
        var now = database.Now;
        return database.WriteAsync(
            "blocking a device",
            async session =>
            {
                // The blocker's row is held from here on, so that nobody counts while another one of its requests writes.
                await CallsRows.EnsureDeviceAsync(session, blocker, now);
                var isFull = await CountBlocksAsync(session, blocker) >= CallsBlock.MaxPerDevice;
                var inserted = isFull ? 0 : await session.ExecuteAsync(
                    """
                    INSERT INTO calls_blocks (blocker, blocked, id, reason, session_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (blocker, blocked) DO NOTHING
                    """,
                    blocker,
                    blocked,
                    Guid.NewGuid().ToString("D"),
                    cleanReason,
                    cleanSession,
                    now);
                return inserted == 1 ? CallsBlockStatus.Blocked : isFull ? CallsBlockStatus.TooMany : CallsBlockStatus.AlreadyBlocked;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsUnblockStatus> UnblockAsync(string blocker, string blocked, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(blocker);
        CallsRows.RequireDeviceId(blocked);
        return database.WriteAsync(
            "unblocking a device",
            async session =>
            {
                if (await session.ExecuteAsync("DELETE FROM calls_blocks WHERE blocker = $1 AND blocked = $2", blocker, blocked) == 1)
                {
                    return CallsUnblockStatus.Unblocked;
                }

                if (await CallsRows.FindDeviceAsync(session, blocker) is null)
                {
                    return CallsUnblockStatus.BlockerUnknown;
                }

                return await CallsRows.FindDeviceAsync(session, blocked) is null ? CallsUnblockStatus.BlockedUnknown : CallsUnblockStatus.NotBlocked;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallsBlock>> ListBlocksAsync(string blocker, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(blocker);
        return await database.ReadAsync(
            "listing blocks",
            session => session.QueryAsync(
                "SELECT id, blocked, reason, created_at FROM calls_blocks WHERE blocker = $1 ORDER BY created_at DESC, blocked",
                static row => new CallsBlock(Guid.Parse(row.Text(0)), row.Text(1), row.TextOrNull(2), row.Time(3)),
                blocker),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> CountBlocksAsync(string blocker, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(blocker);
        return database.ReadAsync("counting blocks", session => CountBlocksAsync(session, blocker), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListBlockedEitherWayAsync(string deviceId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        return await database.ReadAsync(
            "listing blocks of both directions",
            session => session.QueryAsync(
                "SELECT blocked FROM calls_blocks WHERE blocker = $1 UNION SELECT blocker FROM calls_blocks WHERE blocked = $1", static row => row.Text(0), deviceId),
            cancellationToken);
    }

    private static async ValueTask<int> CountBlocksAsync(DatabaseSession session, string blocker) =>
        (int)await session.QueryFirstAsync("SELECT count(*) FROM calls_blocks WHERE blocker = $1", static row => row.Integer(0), blocker);

    private static async ValueTask<CallsStanding> GetStandingAsync(DatabaseSession session, string deviceId, DateTimeOffset now)
    {
        var device = await CallsRows.FindDeviceAsync(session, deviceId);
        var ban = await CallsRows.FindBanAsync(session, deviceId, now);
        var restricted = await session.QueryFirstAsync(
            "SELECT until FROM calls_restrictions WHERE device_id = $1 AND until > $2", static row => row.TimeOrNull(0), deviceId, now);
        var reporters = await session.QueryFirstAsync(
            "SELECT count(DISTINCT reporter) FROM calls_reports WHERE reported = $1 AND status = 'pending'", static row => row.Integer(0), deviceId);
        return new CallsStanding(device?.Role ?? CallsRole.User, device?.Rating ?? CallsDevice.NewRating, ban, restricted, (int)reporters);
    }

    private static async ValueTask<int> RecordCallAsync(DatabaseSession session, string deviceId, long seconds, int skips)
    {
        var sums = await session.QueryAsync(
            """
            UPDATE calls_devices SET calls = calls + 1, skips = skips + $2, seconds = seconds + $3 WHERE id = $1
            RETURNING calls, skips, seconds
            """,
            static row => (Calls: row.Integer(0), Skips: row.Integer(1), Seconds: row.Integer(2)),
            deviceId,
            skips,
            seconds);
        if (sums.Count == 0)
        {
            return CallsDevice.NewRating;
        }

        var accepted = await session.QueryFirstAsync(
            "SELECT count(*) FROM calls_reports WHERE reported = $1 AND status = 'accepted'", static row => row.Integer(0), deviceId);
        var rating = CallsRating.Of(sums[0].Calls, sums[0].Skips, sums[0].Seconds, accepted);
        await session.ExecuteAsync("UPDATE calls_devices SET rating = $2 WHERE id = $1", deviceId, rating);
        return rating;
    }
}
