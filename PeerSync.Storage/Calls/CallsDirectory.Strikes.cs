using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Calls;

internal sealed partial class CallsDirectory
{
    private const int FirstRestricted = 2;

    /// <inheritdoc/>
    public Task<CallsStrike> AddStrikeAsync(string deviceId, string category, CallsStrikeRules rules, CancellationToken cancellationToken)
    {
        CallsRows.RequireDeviceId(deviceId);
        ArgumentException.ThrowIfNullOrEmpty(category);
        ArgumentNullException.ThrowIfNull(rules);
        var now = database.Now;
        return database.WriteAsync("noting a strike", session => AddStrikeAsync(session, deviceId, category, rules, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(CallsRetention retention, int batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(retention);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var now = database.Now;
        return database.WriteAsync("deleting what was kept long enough", session => DeleteExpiredAsync(session, retention, batch, now), cancellationToken);
    }

    private static async ValueTask<CallsStrike> AddStrikeAsync(
        DatabaseSession session, string deviceId, string category, CallsStrikeRules rules, DateTimeOffset now)
    {
        // Holding the device's row puts its strikes in a row: of two at once one is the second.
        await CallsRows.EnsureDeviceAsync(session, deviceId, now);
        await session.ExecuteAsync(
            "INSERT INTO calls_strikes (device_id, id, category, struck_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            deviceId,
            Guid.NewGuid().ToString("D"),
            StorableText.Clean(category),
            now,
            CallsRows.End(now, rules.Memory));
        var count = (int)await session.QueryFirstAsync(
            "SELECT count(*) FROM calls_strikes WHERE device_id = $1 AND expires_at > $2", static row => row.Integer(0), deviceId, now);
        if (count < FirstRestricted)
        {
            return new CallsStrike(count, RestrictedUntil: null);
        }

        var until = CallsRows.End(now, count == FirstRestricted ? rules.Restriction : rules.Ban);
        await session.ExecuteAsync(
            """
            INSERT INTO calls_restrictions (device_id, until) VALUES ($1, $2)
            ON CONFLICT (device_id) DO UPDATE SET until = excluded.until WHERE excluded.until > calls_restrictions.until
            """,
            deviceId,
            until);
        await CallsRows.AuditAsync(session, now, "device.restrict", null, deviceId, category);
        return new CallsStrike(count, until);
    }

    private static async ValueTask<int> DeleteExpiredAsync(DatabaseSession session, CallsRetention retention, int batch, DateTimeOffset now)
    {
        var deleted = await session.ExecuteAsync(
            """
            DELETE FROM calls_report_evidence WHERE (report_id, line) IN
                (SELECT report_id, line FROM calls_report_evidence WHERE kept_until <= $1 LIMIT $2)
            """,
            now,
            batch);
        deleted += await session.ExecuteAsync(
            """
            DELETE FROM calls_reports WHERE id IN
                (SELECT id FROM calls_reports WHERE submitted_at <= $1 AND coalesce(moderated_at, submitted_at) <= $1 ORDER BY submitted_at LIMIT $2)
            """,
            now - retention.Reports,
            batch);
        deleted += await session.ExecuteAsync(
            "DELETE FROM calls_strikes WHERE (device_id, id) IN (SELECT device_id, id FROM calls_strikes WHERE expires_at <= $1 LIMIT $2)", now, batch);
        deleted += await session.ExecuteAsync(
            "DELETE FROM calls_restrictions WHERE device_id IN (SELECT device_id FROM calls_restrictions WHERE until <= $1 LIMIT $2)", now, batch);
        deleted += await session.ExecuteAsync(
            "DELETE FROM calls_bans WHERE device_id IN (SELECT device_id FROM calls_bans WHERE expires_at <= $1 LIMIT $2)", now, batch);

        // A device that comes back would not know itself any more if its blocks went with it: it keeps its row while it has some.
        return deleted + await session.ExecuteAsync(
            """
            DELETE FROM calls_devices WHERE id IN
                (SELECT id FROM calls_devices WHERE last_seen <= $1 AND role = 'user'
                    AND NOT EXISTS (SELECT 1 FROM calls_blocks WHERE blocker = calls_devices.id) ORDER BY last_seen LIMIT $2)
            """,
            now - retention.Devices,
            batch);
    }
}
