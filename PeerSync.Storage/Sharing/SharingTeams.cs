using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The tables <c>sharing_teams</c>, <c>sharing_members</c> and <c>sharing_invitations</c>.</summary>
internal sealed partial class SharingTeams(Database database) : ISharingTeams
{
    private const int MaxBatch = 10_000;
    private const int MaxListed = 1000;
    private const string Columns = "id, name, slug, owner_id, retention_days, created_at";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingTeamMembers>> ListAsync(string userId, CancellationToken cancellationToken)
    {
        if (!SharingIds.IsId(userId))
        {
            return [];
        }

        var teams = await ReadAsync(userId, null, cancellationToken);
        if (teams.Count > 0)
        {
            return teams;
        }

        var now = database.Now;
        var isKnown = await database.WriteAsync("making a user's first team", session => EnsureTeamAsync(session, userId, now), cancellationToken);
        return isKnown ? await ReadAsync(userId, null, cancellationToken) : [];
    }

    /// <inheritdoc/>
    public async Task<SharingTeamMembers?> FindAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        SharingIds.IsId(teamId) && SharingIds.IsId(userId) ? (await ReadAsync(userId, teamId, cancellationToken)).SingleOrDefault() : null;

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> CreateAsync(string userId, string name, SharingTeamLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        SharingText.Require(name, SharingTeam.MaxNameLength, nameof(name));
        if (!SharingIds.IsId(userId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "making a team",
            async session =>
            {
                if (!await SharingRows.HoldUserAsync(session, userId))
                {
                    return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
                }

                if (await CountTeamsAsync(session, userId) >= limits.TeamsPerUser)
                {
                    return new SharingTeamOutcome(SharingTeamStatus.TooManyTeams);
                }

                var id = await SharingRows.CreateTeamAsync(session, now, name, userId);
                await SharingRows.AuditAsync(session, now, "TEAM_CREATED", userId, id, null);
                return new SharingTeamOutcome(SharingTeamStatus.Done, await FindTeamAsync(session, id));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> ChangeAsync(
        string teamId, string userId, SharingTeamChange change, Func<SharingTeam, SharingEventText> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(changed);
        if (change.Name is not null)
        {
            SharingText.Require(change.Name, SharingTeam.MaxNameLength, nameof(change));
        }

        if (change.RetentionDays is { } days)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(days, nameof(change));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(days, SharingTeam.MaxRetentionDays, nameof(change));
        }

        if (!SharingIds.IsId(teamId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownTeam);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "changing a team", session => ChangeAsync(session, teamId, userId, change, changed, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> DeleteAsync(string teamId, string userId, SharingEventText deleted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deleted);
        if (!SharingIds.IsId(teamId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownTeam);
        }

        var now = database.Now;
        return await database.WriteAsync("deleting a team", session => DeleteAsync(session, teamId, userId, deleted, now), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> RemoveMemberAsync(
        string teamId, string memberId, string userId, SharingEventText removed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(removed);
        if (!SharingIds.IsId(teamId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownTeam);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "removing a member",
            async session =>
            {
                var team = await HoldTeamAsync(session, teamId);
                var refusal = team switch
                {
                    null => SharingTeamStatus.UnknownTeam,
                    _ when userId != team.OwnerId && (userId != memberId || !await IsMemberAsync(session, teamId, userId)) => SharingTeamStatus.Forbidden,
                    _ when memberId == team.OwnerId => SharingTeamStatus.IsOwner,
                    _ => (SharingTeamStatus?)null,
                };
                if (refusal is { } status)
                {
                    return new SharingTeamOutcome(status);
                }

                if (!SharingIds.IsId(memberId)
                    || await session.ExecuteAsync("DELETE FROM sharing_members WHERE team_id = $1 AND user_id = $2", teamId, memberId) == 0)
                {
                    return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
                }

                await SharingRows.AuditAsync(session, now, userId == memberId ? "TEAM_MEMBER_LEFT" : "TEAM_MEMBER_REMOVED", userId, teamId, memberId);
                return new SharingTeamOutcome(
                    SharingTeamStatus.Done, team, await SharingEventRows.AppendForTeamAsync(session, now, removed, teamId, memberId));
            },
            cancellationToken);
    }

    private static SharingTeam Map(SqlRow row) =>
        new(row.Text(0), row.Text(1), row.Text(2), row.Text(3), (int?)row.IntegerOrNull(4), row.Time(5));

    private static async ValueTask<bool> IsMemberAsync(DatabaseSession session, string teamId, string userId) =>
        SharingIds.IsId(userId) && await SharingRows.IsMemberAsync(session, teamId, userId);

    private static ValueTask<SharingTeam?> FindTeamAsync(DatabaseSession session, string teamId) =>
        session.QueryFirstAsync($"SELECT {Columns} FROM sharing_teams WHERE id = $1", Map, teamId);

    /// <summary>Keeps a team's row until the transaction ends, and reads it then.</summary>
    private static async ValueTask<SharingTeam?> HoldTeamAsync(DatabaseSession session, string teamId) =>
        await SharingRows.HoldTeamAsync(session, teamId) ? await FindTeamAsync(session, teamId) : null;

    /// <summary>Why somebody may not do what a team's owner alone may; null for the owner.</summary>
    private static SharingTeamStatus? Refuse(SharingTeam? team, string userId) =>
        team is null ? SharingTeamStatus.UnknownTeam : team.OwnerId != userId ? SharingTeamStatus.Forbidden : null;

    private static async ValueTask<long> CountTeamsAsync(DatabaseSession session, string userId) =>
        await session.QueryFirstAsync("SELECT count(*) FROM sharing_members WHERE user_id = $1", static row => row.Integer(0), userId);

    private static async ValueTask<bool> EnsureTeamAsync(DatabaseSession session, string userId, DateTimeOffset now)
    {
        if (!await SharingRows.HoldUserAsync(session, userId))
        {
            return false;
        }

        // Asked while the user is held: of two that came at once the second finds the first one's team.
        if (await CountTeamsAsync(session, userId) == 0)
        {
            var name = await session.QueryFirstAsync("SELECT name FROM sharing_users WHERE id = $1", static row => row.Text(0), userId);
            await SharingRows.CreateDefaultTeamAsync(session, now, name!, userId);
        }

        return true;
    }

    private static async ValueTask<SharingTeamOutcome> ChangeAsync(
        DatabaseSession session,
        string teamId,
        string userId,
        SharingTeamChange change,
        Func<SharingTeam, SharingEventText> changed,
        DateTimeOffset now)
    {
        var team = await HoldTeamAsync(session, teamId);
        if (Refuse(team, userId) is { } refusal)
        {
            return new SharingTeamOutcome(refusal);
        }

        if (change.OwnerId is not null && !await IsMemberAsync(session, teamId, change.OwnerId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
        }

        var days = change.RetentionDays switch
        {
            null => team!.RetentionDays,
            0 => null,
            var given => given,
        };
        var after = team! with { Name = change.Name ?? team.Name, OwnerId = change.OwnerId ?? team.OwnerId, RetentionDays = days };
        if (after == team)
        {
            return new SharingTeamOutcome(SharingTeamStatus.Done, team);
        }

        if (after.Name != team.Name)
        {
            await session.ExecuteAsync("UPDATE sharing_teams SET name = $2 WHERE id = $1", teamId, after.Name);
            await SharingRows.AuditAsync(session, now, "TEAM_RENAMED", userId, teamId, null);
        }

        if (after.RetentionDays != team.RetentionDays)
        {
            await (after.RetentionDays is { } kept
                ? session.ExecuteAsync("UPDATE sharing_teams SET retention_days = $2 WHERE id = $1", teamId, kept)
                : session.ExecuteAsync("UPDATE sharing_teams SET retention_days = NULL WHERE id = $1", teamId));
            await SharingRows.AuditAsync(
                session, now, "TEAM_RETENTION_CHANGED", userId, teamId, after.RetentionDays?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (after.OwnerId != team.OwnerId)
        {
            // The former owner first: no team has two, not even between two statements.
            await session.ExecuteAsync("UPDATE sharing_members SET role = 'MEMBER' WHERE team_id = $1 AND role = 'OWNER'", teamId);
            await session.ExecuteAsync("UPDATE sharing_members SET role = 'OWNER' WHERE team_id = $1 AND user_id = $2", teamId, after.OwnerId);
            await session.ExecuteAsync("UPDATE sharing_teams SET owner_id = $2 WHERE id = $1", teamId, after.OwnerId);
            await SharingRows.AuditAsync(session, now, "TEAM_OWNER_CHANGED", userId, teamId, after.OwnerId);
        }

        return new SharingTeamOutcome(
            SharingTeamStatus.Done,
            after,
            after with { RetentionDays = team.RetentionDays } == team
                ? null
                : await SharingEventRows.AppendForTeamAsync(session, now, changed(after), teamId));
    }

    private static async ValueTask<SharingTeamOutcome> DeleteAsync(
        DatabaseSession session, string teamId, string userId, SharingEventText deleted, DateTimeOffset now)
    {
        if (Refuse(await FindTeamAsync(session, teamId), userId) is { } early)
        {
            return new SharingTeamOutcome(early);
        }

        // Whose shares go with the team gets room back. Users are held before teams, and in one order.
        foreach (var author in await session.QueryAsync(
            "SELECT DISTINCT author_id FROM sharing_shares WHERE team_id = $1 ORDER BY author_id", static row => row.Text(0), teamId))
        {
            await SharingRows.HoldUserAsync(session, author);
        }

        var team = await HoldTeamAsync(session, teamId);
        if (Refuse(team, userId) is { } refusal)
        {
            return new SharingTeamOutcome(refusal);
        }

        // The members first: whoever shares holds its own membership, so that no share comes after this, and each that came before is counted.
        var members = await session.QueryAsync("DELETE FROM sharing_members WHERE team_id = $1 RETURNING user_id", static row => row.Text(0), teamId);
        await session.ExecuteAsync(
            """
            UPDATE sharing_users SET stored_bytes = stored_bytes - (
                SELECT CAST(sum(size) AS bigint) FROM sharing_shares s WHERE s.team_id = $1 AND s.author_id = sharing_users.id)
            WHERE id IN (SELECT author_id FROM sharing_shares WHERE team_id = $1)
            """,
            teamId);
        await session.ExecuteAsync("DELETE FROM sharing_teams WHERE id = $1", teamId);
        await SharingRows.AuditAsync(session, now, "TEAM_DELETED", userId, teamId, null);
        return new SharingTeamOutcome(
            SharingTeamStatus.Done, team, await SharingEventRows.AppendForUsersAsync(session, now, deleted, members));
    }

    /// <summary>The teams of a user, or one of them, with their members: one statement, so that all of it is of one moment.</summary>
    private async Task<IReadOnlyList<SharingTeamMembers>> ReadAsync(string userId, string? teamId, CancellationToken cancellationToken)
    {
        var text =
            $"""
            SELECT {string.Join(", ", Columns.Split(", ").Select(static column => "t." + column))},
                m.user_id, u.name, u.email, u.avatar_url, m.role, m.joined_at
            FROM sharing_members own
            JOIN sharing_teams t ON t.id = own.team_id
            JOIN sharing_members m ON m.team_id = own.team_id
            JOIN sharing_users u ON u.id = m.user_id
            WHERE own.user_id = $1{(teamId is null ? string.Empty : " AND own.team_id = $2")}
            ORDER BY t.created_at, t.id, m.joined_at, m.role DESC, m.user_id
            """;
        var rows = await database.ReadAsync(
            "listing teams",
            session => session.QueryAsync(
                text,
                static row => (
                    Team: Map(row),
                    Member: new SharingMember(
                        row.Text(6), row.Text(7), row.Text(8), row.TextOrNull(9), row.Text(10) == "OWNER", row.Time(11))),
                teamId is null ? [userId] : [userId, teamId]),
            cancellationToken);
        return
        [
            .. rows.GroupBy(static row => row.Team.Id, StringComparer.Ordinal)
                .Select(static group => new SharingTeamMembers(group.First().Team, [.. group.Select(static row => row.Member)])),
        ];
    }
}
