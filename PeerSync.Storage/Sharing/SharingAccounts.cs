using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The tables of users and sessions.</summary>
internal sealed class SharingAccounts(Database database) : ISharingAccounts
{
    /// <summary>Live sessions of one user; the one that was not renewed for longest makes room.</summary>
    public const int MaxSessions = 100;

    private const int MaxAccount = 255;
    // With what makes it the name of a team, it has to fit there as well.
    private const int MaxName = 240;
    private const int MaxEmail = 320;
    private const int MaxAvatarUrl = 2048;
    private const int MaxClient = 255;
    private const int MaxBatch = 10_000;
    private const string IsLive = "revoked_at IS NULL AND expires_at >";

    /// <inheritdoc/>
    public Task<SharingLogin> LogInAsync(SharingProfile profile, string? client, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentException.ThrowIfNullOrEmpty(profile.Account);
        ArgumentException.ThrowIfNullOrEmpty(profile.Name);
        ArgumentException.ThrowIfNullOrEmpty(profile.Email);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(profile.Account.Length, MaxAccount, nameof(profile));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(profile.Email.Length, MaxEmail, nameof(profile));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (!StorableText.IsStorable(profile.Account))
        {
            throw new ArgumentException("An account is text without U+0000 and without half characters.", nameof(profile));
        }

        var now = database.Now;
        return database.WriteAsync("logging a user in", session => LogInAsync(session, profile, client, now, now + lifetime), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingUser?> FindUserAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return database.ReadAsync(
            "reading a user",
            session => session.QueryFirstAsync("SELECT id, name, email, avatar_url FROM sharing_users WHERE id = $1", MapUser, StorableText.Clean(userId)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> IsSessionLiveAsync(string userId, string sessionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(sessionId);
        var now = database.Now;
        return database.ReadAsync(
            "reading a session",
            async session => await session.QueryFirstAsync(
                $"SELECT 1 FROM sharing_sessions WHERE id = $1 AND user_id = $2 AND {IsLive} $3",
                static row => row.Integer(0),
                StorableText.Clean(sessionId),
                StorableText.Clean(userId),
                now) == 1,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingRenewal> RefreshAsync(
        string userId, string sessionId, long generation, TimeSpan grace, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(sessionId);
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var now = database.Now;
        var user = StorableText.Clean(userId)!;
        var id = StorableText.Clean(sessionId)!;
        return database.WriteAsync(
            "renewing a session", session => RefreshAsync(session, user, id, generation, now, now - grace, now + lifetime), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> EndSessionAsync(string userId, string sessionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(sessionId);
        var now = database.Now;
        return database.WriteAsync(
            "ending a session",
            async session =>
            {
                var ended = await session.ExecuteAsync(
                    $"UPDATE sharing_sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND {IsLive} $3",
                    StorableText.Clean(sessionId),
                    StorableText.Clean(userId),
                    now);
                if (ended == 1)
                {
                    await SharingRows.AuditAsync(session, now, "SESSION_ENDED", userId, userId, sessionId);
                }

                return ended == 1;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> EndSessionsAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var now = database.Now;
        return await database.WriteAsync(
            "ending a user's sessions",
            async session =>
            {
                var ended = await session.QueryAsync(
                    $"UPDATE sharing_sessions SET revoked_at = $2 WHERE user_id = $1 AND {IsLive} $2 RETURNING id",
                    static row => row.Text(0),
                    StorableText.Clean(userId),
                    now);
                if (ended.Count > 0)
                {
                    await SharingRows.AuditAsync(session, now, "ALL_SESSIONS_ENDED", userId, userId, null);
                }

                return ended;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingSession>> ListSessionsAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var now = database.Now;
        return await database.ReadAsync(
            "reading a user's sessions",
            session => session.QueryAsync(
                $"""
                SELECT id, client, created_at, refreshed_at, expires_at FROM sharing_sessions
                WHERE user_id = $1 AND {IsLive} $2 ORDER BY refreshed_at DESC, id LIMIT {MaxSessions}
                """,
                static row => new SharingSession(row.Text(0), row.TextOrNull(1), row.Time(2), row.Time(3), row.Time(4)),
                StorableText.Clean(userId),
                now),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(int batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var now = database.Now;
        return database.WriteAsync(
            "deleting sessions that are over",
            session => session.ExecuteAsync(
                "DELETE FROM sharing_sessions WHERE id IN (SELECT id FROM sharing_sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)", now, batch),
            cancellationToken);
    }

    private static async ValueTask<SharingLogin> LogInAsync(
        DatabaseSession session, SharingProfile profile, string? client, DateTimeOffset now, DateTimeOffset end)
    {
        var name = Cut(profile.Name, MaxName)!;
        var avatarUrl = profile.AvatarUrl is { Length: <= MaxAvatarUrl } url ? StorableText.Clean(url) : null;
        var isFirst = await session.ExecuteAsync(
            """
            INSERT INTO sharing_users (id, account, name, email, avatar_url, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account) DO NOTHING
            """,
            SharingIds.New(),
            profile.Account,
            name,
            StorableText.Clean(profile.Email),
            avatarUrl,
            now) == 1;
        var user = await session.QueryFirstAsync(
            "SELECT id, name, email, avatar_url FROM sharing_users WHERE account = $1", MapUser, profile.Account)
            ?? throw new InvalidOperationException("A user who was there has gone.");
        if (isFirst)
        {
            await SharingRows.AuditAsync(session, now, "USER_CREATED_EXT", user.Id, user.Id, null);
            await SharingRows.CreateDefaultTeamAsync(session, now, user.Name, user.Id);
        }

        // Holding the user puts the logins of one user in a row, so that none sees more than there may be.
        await SharingRows.HoldUserAsync(session, user.Id);
        await session.ExecuteAsync(
            $"""
            DELETE FROM sharing_sessions WHERE id IN
                (SELECT id FROM sharing_sessions WHERE user_id = $1 ORDER BY refreshed_at DESC, id LIMIT {MaxBatch} OFFSET {MaxSessions - 1})
            """,
            user.Id);
        var sessionId = SharingIds.New();
        await session.ExecuteAsync(
            """
            INSERT INTO sharing_sessions (id, user_id, client, generation, created_at, refreshed_at, expires_at) VALUES ($1, $2, $3, 0, $4, $4, $5)
            """,
            sessionId,
            user.Id,
            Cut(client, MaxClient),
            now,
            end);
        await SharingRows.AuditAsync(session, now, "USER_LOGGED_IN", user.Id, user.Id, sessionId);
        return new SharingLogin(user, sessionId, isFirst);
    }

    private static async ValueTask<SharingRenewal> RefreshAsync(
        DatabaseSession session, string userId, string sessionId, long generation, DateTimeOffset now, DateTimeOffset graceBegan, DateTimeOffset end)
    {
        var renewed = await session.ExecuteAsync(
            $"""
            UPDATE sharing_sessions SET generation = generation + 1, refreshed_at = $4, expires_at = $5
            WHERE id = $1 AND user_id = $2 AND generation = $3 AND {IsLive} $4
            """,
            sessionId,
            userId,
            generation,
            now,
            end);
        if (renewed == 1)
        {
            return new SharingRenewal(SharingRenewalOutcome.Renewed, generation + 1);
        }

        // Ends it, unless the one renewal since then was just now: its answer may be lost, or two windows of one editor have asked at once.
        var ended = await session.ExecuteAsync(
            $"""
            UPDATE sharing_sessions SET revoked_at = $4
            WHERE id = $1 AND user_id = $2 AND generation > $3 AND {IsLive} $4 AND NOT (generation = $3 + 1 AND refreshed_at >= $5)
            """,
            sessionId,
            userId,
            generation,
            now,
            graceBegan);
        if (ended == 1)
        {
            await SharingRows.AuditAsync(session, now, "REFRESH_TOKEN_REUSED", userId, userId, sessionId);
            return new SharingRenewal(SharingRenewalOutcome.Reused, 0);
        }

        var isRepeated = await session.QueryFirstAsync(
            $"SELECT 1 FROM sharing_sessions WHERE id = $1 AND user_id = $2 AND generation = $3 + 1 AND {IsLive} $4",
            static row => row.Integer(0),
            sessionId,
            userId,
            generation,
            now) == 1;
        return isRepeated ? new SharingRenewal(SharingRenewalOutcome.Renewed, generation + 1) : new SharingRenewal(SharingRenewalOutcome.Unknown, 0);
    }

    private static SharingUser MapUser(SqlRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.TextOrNull(3));

    private static string? Cut(string? text, int length) => StorableText.Clean(text?.Length > length ? text[..length] : text);
}
