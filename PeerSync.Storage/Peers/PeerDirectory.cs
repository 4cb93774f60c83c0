using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Peers;

/// <summary>The tables <c>users</c>, <c>networks</c> and <c>network_members</c>.</summary>
internal sealed class PeerDirectory(Database database, Func<string> generateInviteCode) : IPeerDirectory
{
    private const string Feature = "peers";

    // A collision among a million networks has a chance of one in a thousand; five in a row have none.
    private const int MaxCodeAttempts = 5;

    /// <inheritdoc/>
    public Task SaveUserAsync(UserRecord user, CancellationToken cancellationToken)
    {
        RequireStorableId(user);
        var now = database.Now;
        return database.WriteAsync(
            "saving a user",
            session => session.ExecuteAsync(
                """
                INSERT INTO users (id, email, display_name, provider, avatar_url, created_at, updated_at, last_login_at)
                VALUES ($1, $2, $3, $4, $5, $6, $6, $6)
                ON CONFLICT (id) DO UPDATE SET
                    email = excluded.email,
                    display_name = excluded.display_name,
                    provider = excluded.provider,
                    avatar_url = excluded.avatar_url,
                    updated_at = excluded.updated_at,
                    last_login_at = excluded.last_login_at
                """,
                user.Id,
                StorableText.Clean(user.Email),
                StorableText.Clean(user.DisplayName),
                StorableText.Clean(user.Provider),
                StorableText.Clean(user.AvatarUrl),
                now),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<NetworkRecord?> FindNetworkAsync(string userId, CancellationToken cancellationToken)
    {
        RequireStorableId(userId);
        return database.ReadAsync(
            "finding a user's network",
            session => session.QueryFirstAsync(
                """
                SELECT networks.id, networks.invite_code, networks.created_by, networks.created_at
                FROM network_members JOIN networks ON networks.id = network_members.network_id
                WHERE network_members.user_id = $1
                """,
                Map,
                userId),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<NetworkRecord> CreateNetworkAsync(UserRecord user, CancellationToken cancellationToken)
    {
        RequireStorableId(user);
        var now = database.Now;
        return database.WriteAsync("creating a network", session => CreateAsync(session, user, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<NetworkRecord?> JoinNetworkAsync(UserRecord user, string inviteCode, CancellationToken cancellationToken)
    {
        RequireStorableId(user);
        ArgumentNullException.ThrowIfNull(inviteCode);
        if (!StorableText.IsStorable(inviteCode))
        {
            return null;
        }

        var now = database.Now;
        return await database.WriteAsync("joining a network", session => JoinAsync(session, user, inviteCode.Trim(), now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task LeaveNetworkAsync(string userId, CancellationToken cancellationToken)
    {
        RequireStorableId(userId);
        var now = database.Now;
        return database.WriteAsync("leaving a network", session => LeaveAsync(session, userId, now), cancellationToken);
    }

    private async ValueTask<NetworkRecord> CreateAsync(DatabaseSession session, UserRecord user, DateTimeOffset now)
    {
        await EnsureUserAsync(session, user, now);
        var network = await InsertNetworkAsync(session, user.Id, now);
        await SwitchAsync(session, user.Id, network.Id, now);
        await AuditLog.AppendAsync(session, now, new AuditEntry(Feature, "network.create", user.Id, network.Id, null));
        return network;
    }

    private async ValueTask<NetworkRecord> InsertNetworkAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        for (var attempt = 1; attempt <= MaxCodeAttempts; attempt++)
        {
            var network = new NetworkRecord(Guid.NewGuid().ToString(), generateInviteCode(), userId, now);

            // Not an exception that is caught: in PostgreSQL that would have ended the transaction.
            var inserted = await session.ExecuteAsync(
                "INSERT INTO networks (id, invite_code, created_by, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                network.Id,
                network.InviteCode,
                network.CreatedBy,
                network.CreatedAt);
            if (inserted == 1)
            {
                return network;
            }
        }

        throw new StorageUnavailableException($"No free invite code was found in {MaxCodeAttempts} attempts.");
    }

    private static async ValueTask<NetworkRecord?> JoinAsync(DatabaseSession session, UserRecord user, string inviteCode, DateTimeOffset now)
    {
        var network = await session.QueryFirstAsync(
            "SELECT id, invite_code, created_by, created_at FROM networks WHERE lower(invite_code) = lower($1)",
            Map,
            inviteCode);
        if (network is null)
        {
            return null;
        }

        await EnsureUserAsync(session, user, now);
        if (await SwitchAsync(session, user.Id, network.Id, now))
        {
            await AuditLog.AppendAsync(session, now, new AuditEntry(Feature, "network.join", user.Id, network.Id, null));
        }

        return network;
    }

    private static async ValueTask<bool> LeaveAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        var networkId = await session.QueryFirstAsync("DELETE FROM network_members WHERE user_id = $1 RETURNING network_id", row => row.Text(0), userId);
        if (networkId is not null)
        {
            await AuditLog.AppendAsync(session, now, new AuditEntry(Feature, "network.leave", userId, networkId, null));
        }

        return networkId is not null;
    }

    /// <summary>Writes a missing user's row. One that exists is left alone: only a login knows more than it.</summary>
    private static ValueTask<int> EnsureUserAsync(DatabaseSession session, UserRecord user, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            INSERT INTO users (id, email, display_name, provider, avatar_url, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT (id) DO NOTHING
            """,
            user.Id,
            StorableText.Clean(user.Email),
            StorableText.Clean(user.DisplayName),
            StorableText.Clean(user.Provider),
            StorableText.Clean(user.AvatarUrl),
            now);

    /// <summary>Makes a network the user's only one.</summary>
    /// <returns>False when it was already.</returns>
    private static async ValueTask<bool> SwitchAsync(DatabaseSession session, string userId, string networkId, DateTimeOffset now)
    {
        var changed = await session.ExecuteAsync(
            """
            INSERT INTO network_members (user_id, network_id, joined_at) VALUES ($1, $2, $3)
            ON CONFLICT (user_id) DO UPDATE SET network_id = excluded.network_id, joined_at = excluded.joined_at
            WHERE network_members.network_id <> excluded.network_id
            """,
            userId,
            networkId,
            now);
        return changed == 1;
    }

    private static NetworkRecord Map(SqlRow row) => new(row.Text(0), row.Text(1), row.Text(2), row.Time(3));

    private static void RequireStorableId(UserRecord user)
    {
        ArgumentNullException.ThrowIfNull(user);
        RequireStorableId(user.Id);
    }

    private static void RequireStorableId(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        if (userId.Length > UserRecord.MaxIdLength || !StorableText.IsStorable(userId))
        {
            throw new ArgumentException("The user id is too long or holds characters that cannot be stored.", nameof(userId));
        }
    }
}
