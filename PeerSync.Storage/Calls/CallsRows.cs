using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Calls;

/// <summary>The statements and conversions that the parts of the Calls tables share.</summary>
internal static class CallsRows
{
    /// <summary>The columns that <see cref="MapDevice"/> reads.</summary>
    public const string DeviceColumns = "id, user_id, role, rating";

    /// <summary>The columns that <see cref="MapBan"/> reads.</summary>
    public const string BanColumns = "device_id, reason, banned_by, report_id, banned_at, expires_at";

    private const string Feature = "calls";

    /// <summary>The end of a ban that has none.</summary>
    private static readonly DateTimeOffset Never = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Refuses what is no device id.</summary>
    public static void RequireDeviceId(string deviceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceId.Length, CallsDevice.MaxIdLength, nameof(deviceId));

        // Two names that were cleaned into one would be one device.
        if (!StorableText.IsStorable(deviceId))
        {
            throw new ArgumentException("A device id is text without U+0000 and without half characters.", nameof(deviceId));
        }
    }

    /// <summary>A text within its limit as it can be stored; null stays null.</summary>
    public static string? Text(string? text, int maxLength)
    {
        if (text is not null)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, maxLength, nameof(text));
        }

        return StorableText.Clean(text);
    }

    /// <summary>When something that lasts so long from now is over.</summary>
    public static DateTimeOffset End(DateTimeOffset now, TimeSpan? duration) => duration is { } time && time < Never - now ? now + time : Never;

    /// <summary>A device from its row.</summary>
    public static CallsDevice MapDevice(SqlRow row) => new(row.Text(0), Guid.Parse(row.Text(1)), Role(row.Text(2)), (int)row.Integer(3));

    /// <summary>A ban from its row.</summary>
    public static CallsBan MapBan(SqlRow row) => new(
        row.Text(0),
        row.Text(1),
        row.TextOrNull(2),
        row.TextOrNull(3) is { } report ? Guid.Parse(report) : null,
        row.Time(4),
        row.Time(5) is var end && end < Never ? end : null);

    /// <summary>The word for a role.</summary>
    public static string Word(CallsRole role) => role switch
    {
        CallsRole.Moderator => "moderator",
        CallsRole.Admin => "admin",
        _ => "user",
    };

    /// <summary>Notes that a device was seen, and keeps its row until the transaction ends.</summary>
    public static async ValueTask<CallsDevice> EnsureDeviceAsync(DatabaseSession session, string deviceId, DateTimeOffset now) =>
        (await session.QueryFirstAsync(
            $"""
            INSERT INTO calls_devices (id, user_id, created_at, last_seen) VALUES ($1, $2, $3, $3)
            ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen
            RETURNING {DeviceColumns}
            """,
            MapDevice,
            deviceId,
            Guid.NewGuid().ToString("D"),
            now))!;

    /// <summary>A device's row, or null.</summary>
    public static ValueTask<CallsDevice?> FindDeviceAsync(DatabaseSession session, string deviceId) =>
        session.QueryFirstAsync($"SELECT {DeviceColumns} FROM calls_devices WHERE id = $1", MapDevice, deviceId);

    /// <summary>A ban in force, or null.</summary>
    public static ValueTask<CallsBan?> FindBanAsync(DatabaseSession session, string deviceId, DateTimeOffset now) =>
        session.QueryFirstAsync($"SELECT {BanColumns} FROM calls_bans WHERE device_id = $1 AND expires_at > $2", MapBan, deviceId, now);

    /// <summary>Adds to a counter.</summary>
    public static ValueTask<int> CountAsync(DatabaseSession session, string name, int amount) =>
        session.ExecuteAsync(
            """
            INSERT INTO calls_counters (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = calls_counters.value + excluded.value
            """,
            name,
            amount);

    /// <summary>Takes one from a counter that has it.</summary>
    public static ValueTask<int> TakeBackAsync(DatabaseSession session, string name) =>
        session.ExecuteAsync("UPDATE calls_counters SET value = value - 1 WHERE name = $1 AND value > 0", name);

    /// <summary>Appends to the audit log as part of the operation.</summary>
    public static ValueTask<int> AuditAsync(DatabaseSession session, DateTimeOffset now, string action, string? actor, string? subject, string? detail = null) =>
        AuditLog.AppendAsync(session, now, new AuditEntry(Feature, action, actor, subject, detail));

    private static CallsRole Role(string word) => word switch
    {
        "moderator" => CallsRole.Moderator,
        "admin" => CallsRole.Admin,
        _ => CallsRole.User,
    };
}
