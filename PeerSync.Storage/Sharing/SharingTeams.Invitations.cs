using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

internal sealed partial class SharingTeams
{
    private const int InvitationTokenBytes = 24;
    private const string InvitationColumns = "id, inviter_id, created_at, expires_at, accepted_by, accepted_at, revoked_at";

    /// <inheritdoc/>
    public async Task<SharingNewInvitation> InviteAsync(
        string teamId, string userId, TimeSpan lifetime, SharingTeamLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        if (!SharingIds.IsId(teamId))
        {
            return new SharingNewInvitation(SharingTeamStatus.UnknownTeam);
        }

        var token = SharingSecrets.New(InvitationTokenBytes);
        var hash = SharingSecrets.Hash(token);
        var now = database.Now;
        return await database.WriteAsync(
            "making an invitation",
            async session =>
            {
                if (Refuse(await HoldTeamAsync(session, teamId), userId) is { } refusal)
                {
                    return new SharingNewInvitation(refusal);
                }

                var pending = await session.QueryFirstAsync(
                    "SELECT count(*) FROM sharing_invitations WHERE team_id = $1 AND accepted_by IS NULL AND revoked_at IS NULL AND expires_at > $2",
                    static row => row.Integer(0),
                    teamId,
                    now);
                if (pending >= limits.PendingInvitations)
                {
                    return new SharingNewInvitation(SharingTeamStatus.TooManyInvitations);
                }

                var invitation = await session.QueryFirstAsync(
                    $"""
                    INSERT INTO sharing_invitations (id, token_hash, team_id, inviter_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
                    RETURNING {InvitationColumns}
                    """,
                    MapInvitation,
                    SharingIds.New(),
                    hash,
                    teamId,
                    userId,
                    now,
                    now + lifetime);
                await SharingRows.AuditAsync(session, now, "TEAM_INVITATION_CREATED", userId, teamId, invitation!.Id);
                return new SharingNewInvitation(SharingTeamStatus.Done, invitation, token);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingInvitationList> ListInvitationsAsync(string teamId, string userId, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        if (!SharingIds.IsId(teamId))
        {
            return new SharingInvitationList(SharingTeamStatus.UnknownTeam, []);
        }

        return await database.ReadAsync(
            "listing invitations",
            async session => Refuse(await FindTeamAsync(session, teamId), userId) is { } refusal
                ? new SharingInvitationList(refusal, [])
                : new SharingInvitationList(
                    SharingTeamStatus.Done,
                    await session.QueryAsync(
                        $"SELECT {InvitationColumns} FROM sharing_invitations WHERE team_id = $1 ORDER BY created_at DESC, id LIMIT $2",
                        MapInvitation,
                        teamId,
                        limit)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> RevokeInvitationAsync(
        string teamId, string invitationId, string userId, CancellationToken cancellationToken)
    {
        if (!SharingIds.IsId(teamId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownTeam);
        }

        var now = database.Now;
        return await database.WriteAsync(
            "taking back an invitation",
            async session =>
            {
                var team = await HoldTeamAsync(session, teamId);
                if (Refuse(team, userId) is { } refusal)
                {
                    return new SharingTeamOutcome(refusal);
                }

                var invitation = !SharingIds.IsId(invitationId) ? null : await session.QueryFirstAsync(
                    $"SELECT {InvitationColumns} FROM sharing_invitations WHERE id = $1 AND team_id = $2", MapInvitation, invitationId, teamId);
                if (invitation is null or { AcceptedBy: not null })
                {
                    return new SharingTeamOutcome(invitation is null ? SharingTeamStatus.UnknownInvitation : SharingTeamStatus.InvalidInvitation);
                }

                if (invitation.RevokedAt is null && invitation.ExpiresAt > now)
                {
                    await session.ExecuteAsync("UPDATE sharing_invitations SET revoked_at = $2 WHERE id = $1", invitationId, now);
                    await SharingRows.AuditAsync(session, now, "TEAM_INVITATION_REVOKED", userId, teamId, invitationId);
                }

                return new SharingTeamOutcome(SharingTeamStatus.Done, team);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharingTeamOutcome> AcceptInvitationAsync(
        string token, string userId, SharingTeamLimits limits, Func<string, SharingEventText> joined, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(joined);
        if (!SharingIds.IsId(userId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
        }

        var hash = SharingSecrets.Hash(token);
        var now = database.Now;
        return await database.WriteAsync(
            "accepting an invitation",
            async session =>
            {
                var teamId = await session.QueryFirstAsync(
                    "SELECT team_id FROM sharing_invitations WHERE token_hash = $1", static row => row.Text(0), hash);
                if (teamId is null)
                {
                    return new SharingTeamOutcome(SharingTeamStatus.UnknownInvitation);
                }

                if (!await SharingRows.HoldUserAsync(session, userId))
                {
                    return new SharingTeamOutcome(SharingTeamStatus.UnknownMember);
                }

                // Whoever takes it back, deletes the team or accepts it too waits here, or has been before.
                var team = await HoldTeamAsync(session, teamId);
                var invitation = await session.QueryFirstAsync(
                    $"SELECT {InvitationColumns} FROM sharing_invitations WHERE token_hash = $1", MapInvitation, hash);
                return team is null || invitation is null
                    ? new SharingTeamOutcome(SharingTeamStatus.UnknownInvitation)
                    : await AcceptAsync(session, team, invitation, userId, limits, joined, now);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredInvitationsAsync(TimeSpan keptFor, int batch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keptFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var until = database.Now - keptFor;
        return database.WriteAsync(
            "deleting expired invitations",
            session => session.ExecuteAsync(
                """
                DELETE FROM sharing_invitations
                WHERE id IN (SELECT id FROM sharing_invitations WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
                """,
                until,
                batch),
            cancellationToken);
    }

    private static SharingInvitation MapInvitation(SqlRow row) =>
        new(row.Text(0), row.Text(1), row.Time(2), row.Time(3), row.TextOrNull(4), row.TimeOrNull(5), row.TimeOrNull(6));

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
    }

    /// <summary>Lets a user in, while the user and the team are held.</summary>
    private static async ValueTask<SharingTeamOutcome> AcceptAsync(
        DatabaseSession session,
        SharingTeam team,
        SharingInvitation invitation,
        string userId,
        SharingTeamLimits limits,
        Func<string, SharingEventText> joined,
        DateTimeOffset now)
    {
        if (invitation.RevokedAt is not null || invitation.ExpiresAt <= now)
        {
            return new SharingTeamOutcome(SharingTeamStatus.InvalidInvitation);
        }

        if (await SharingRows.IsMemberAsync(session, team.Id, userId))
        {
            return new SharingTeamOutcome(SharingTeamStatus.Done, team);
        }

        // Also for the one who has used it and left since, or was removed.
        if (invitation.AcceptedBy is not null)
        {
            return new SharingTeamOutcome(SharingTeamStatus.InvalidInvitation);
        }

        if (await CountTeamsAsync(session, userId) >= limits.TeamsPerUser)
        {
            return new SharingTeamOutcome(SharingTeamStatus.TooManyTeams);
        }

        var members = await session.QueryFirstAsync(
            "SELECT count(*) FROM sharing_members WHERE team_id = $1", static row => row.Integer(0), team.Id);
        if (members >= limits.MembersPerTeam)
        {
            return new SharingTeamOutcome(SharingTeamStatus.TooManyMembers);
        }

        await session.ExecuteAsync("UPDATE sharing_invitations SET accepted_by = $2, accepted_at = $3 WHERE id = $1", invitation.Id, userId, now);
        await session.ExecuteAsync(
            "INSERT INTO sharing_members (team_id, user_id, role, joined_at) VALUES ($1, $2, 'MEMBER', $3)", team.Id, userId, now);
        await SharingRows.AuditAsync(session, now, "TEAM_MEMBER_ACCEPTED_INVITATION", userId, team.Id, invitation.Id);
        return new SharingTeamOutcome(
            SharingTeamStatus.Done, team, await SharingEventRows.AppendForTeamAsync(session, now, joined(team.Id), team.Id));
    }
}
