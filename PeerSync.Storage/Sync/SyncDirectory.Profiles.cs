using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sync;

internal sealed partial class SyncDirectory
{
    private const int MaxDisplayName = 100;

    /// <inheritdoc/>
    public Task<SyncProfile?> GetProfileAsync(string userId, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var now = database.Now;
        return database.WriteAsync("reading a profile", session => GetProfileAsync(session, userId, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SyncProfile?> UpdateProfileAsync(string userId, SyncProfileUpdate update, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        ArgumentNullException.ThrowIfNull(update);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(update.DisplayName?.Length ?? 0, MaxDisplayName, nameof(update));
        var now = database.Now;
        return database.WriteAsync("updating a profile", session => UpdateProfileAsync(session, userId, update, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CompleteOnboardingAsync(string userId, CancellationToken cancellationToken)
    {
        SyncText.RequireUserId(userId);
        var now = database.Now;
        return database.WriteAsync("completing an introduction", session => CompleteOnboardingAsync(session, userId, now), cancellationToken);
    }

    private static async ValueTask<SyncProfile?> GetProfileAsync(DatabaseSession session, string userId, DateTimeOffset now) =>
        await EnsureProfileAsync(session, userId, now) ? await ReadProfileAsync(session, userId) : null;

    private static async ValueTask<SyncProfile?> UpdateProfileAsync(DatabaseSession session, string userId, SyncProfileUpdate update, DateTimeOffset now)
    {
        if (!await EnsureProfileAsync(session, userId, now))
        {
            return null;
        }

        if (update.DisplayName is not null)
        {
            await session.ExecuteAsync(
                "UPDATE sync_profiles SET display_name = $2, updated_at = $3 WHERE user_id = $1", userId, StorableText.Clean(update.DisplayName), now);
        }

        if (update.ChangesEmail)
        {
            await session.ExecuteAsync("UPDATE sync_profiles SET email = $2, updated_at = $3 WHERE user_id = $1", userId, StorableText.Clean(update.Email), now);
        }

        if (update.Preferences is { } preferences)
        {
            await session.ExecuteAsync(
                $"""
                UPDATE sync_profiles SET
                    theme = $2,
                    notifications = {SqlOf(preferences.Notifications)},
                    auto_sync = {SqlOf(preferences.AutoSync)},
                    updated_at = $3
                WHERE user_id = $1
                """,
                userId,
                preferences.Theme,
                now);
        }

        return await ReadProfileAsync(session, userId);
    }

    private static async ValueTask<bool> CompleteOnboardingAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        if (!await EnsureProfileAsync(session, userId, now))
        {
            return false;
        }

        await session.ExecuteAsync("UPDATE sync_profiles SET onboarding_completed = 1, updated_at = $2 WHERE user_id = $1", userId, now);
        return true;
    }

    private static async ValueTask<bool> EnsureProfileAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        if (!await SyncRows.HoldUserAsync(session, userId))
        {
            return false;
        }

        await session.ExecuteAsync(
            "INSERT INTO sync_profiles (user_id, created_at, updated_at) VALUES ($1, $2, $2) ON CONFLICT (user_id) DO NOTHING", userId, now);
        return true;
    }

    private static ValueTask<SyncProfile?> ReadProfileAsync(DatabaseSession session, string userId) =>
        session.QueryFirstAsync(
            """
            SELECT user_id, display_name, email, avatar_url, theme, coalesce(notifications, -1), coalesce(auto_sync, -1), onboarding_completed,
                   sync_profiles.created_at, updated_at, last_activity
            FROM sync_profiles JOIN sync_users ON sync_users.id = sync_profiles.user_id
            WHERE user_id = $1
            """,
            MapProfile,
            userId);

    private static SyncProfile MapProfile(SqlRow row) => new(
        row.Text(0),
        row.TextOrNull(1),
        row.TextOrNull(2),
        row.TextOrNull(3),
        new SyncPreferences(row.TextOrNull(4), SwitchOf(row.Integer(5)), SwitchOf(row.Integer(6))),
        row.Integer(7) == 1,
        row.Time(8),
        row.Time(9),
        row.Time(10));

    private static bool? SwitchOf(long stored) => stored < 0 ? null : stored == 1;

    // Parameters have no null of type integer; the three texts are constants.
    private static string SqlOf(bool? value) => value switch
    {
        null => "NULL",
        true => "1",
        false => "0",
    };
}
