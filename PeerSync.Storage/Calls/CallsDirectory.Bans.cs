using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Calls;

internal sealed partial class CallsDirectory
{
    /// <inheritdoc/>
    public Task<CallsBan> BanAsync(string deviceId, string reason, TimeSpan? duration, string? by, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        ArgumentException.ThrowIfNullOrEmpty(reason);
        RequireDuration(duration);
        var now = database.Now;
        var ban = new CallsBan(deviceId, StorableText.Clean(reason)!, StorableText.Clean(by), null, now, CallsRows.End(now, duration));
        return database.WriteAsync("banning a device", session => BanAsync(session, ban), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> UnbanAsync(string deviceId, string? by, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        var now = database.Now;
        return database.WriteAsync(
            "lifting a ban",
            async session =>
            {
                var isLifted = await session.ExecuteAsync("DELETE FROM calls_bans WHERE device_id = $1 AND expires_at > $2", deviceId, now) == 1;
                if (isLifted)
                {
                    await CallsRows.AuditAsync(session, now, "device.unban", StorableText.Clean(by), deviceId);
                }

                return isLifted;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CallsBan?> FindBanAsync(string deviceId, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        var now = database.Now;
        return database.ReadAsync("looking for a ban", session => CallsRows.FindBanAsync(session, deviceId, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CallsBan>> ListBansAsync(int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        var now = database.Now;
        return await database.ReadAsync(
            "listing bans",
            session => session.QueryAsync(
                $"SELECT {CallsRows.BanColumns} FROM calls_bans WHERE expires_at > $1 ORDER BY banned_at DESC, device_id LIMIT $2", CallsRows.MapBan, now, limit),
            cancellationToken);
    }

    private static async ValueTask<CallsBan> BanAsync(DatabaseSession session, CallsBan ban)
    {
        await CallsRows.AuditAsync(session, ban.BannedAt, "device.ban", ban.BannedBy, ban.DeviceId, ban.ReportId?.ToString("D"));
        return (await session.QueryFirstAsync(
            $"""
            INSERT INTO calls_bans (device_id, reason, banned_by, report_id, banned_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (device_id) DO UPDATE SET
                reason = excluded.reason,
                banned_by = excluded.banned_by,
                report_id = excluded.report_id,
                banned_at = excluded.banned_at,
                expires_at = excluded.expires_at
            RETURNING {CallsRows.BanColumns}
            """,
            CallsRows.MapBan,
            ban.DeviceId,
            ban.Reason,
            ban.BannedBy,
            ban.ReportId?.ToString("D"),
            ban.BannedAt,
            ban.ExpiresAt!.Value))!;
    }
}
