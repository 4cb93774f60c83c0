namespace PeerSync.Storage.Sharing;

internal sealed partial class SharingTeams
{
    /// <inheritdoc/>
    public async Task<SharingAuditPage> ReadTeamAuditAsync(
        string teamId, string userId, long? before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        if (!SharingIds.IsId(teamId))
        {
            return new SharingAuditPage(SharingTeamStatus.UnknownTeam, []);
        }

        return await database.ReadAsync(
            "reading a team's audit log",
            async session => Refuse(await FindTeamAsync(session, teamId), userId) is { } refusal
                ? new SharingAuditPage(refusal, [])
                : new SharingAuditPage(
                    SharingTeamStatus.Done,
                    await session.QueryAsync(
                        $"SELECT {AuditLog.Columns} FROM audit WHERE feature = 'sharing' AND subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                        AuditLog.Map,
                        teamId,
                        before ?? long.MaxValue,
                        limit)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AuditRecord>> ReadUserAuditAsync(string userId, long? before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        if (!SharingIds.IsId(userId))
        {
            return [];
        }

        // Each half is in the order of its own index and ends at the limit.
        return await database.ReadAsync(
            "reading a user's audit log",
            session => session.QueryAsync(
                $"""
                SELECT {AuditLog.Columns} FROM (
                    SELECT {AuditLog.Columns} FROM audit WHERE feature = 'sharing' AND actor = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS did
                UNION
                SELECT {AuditLog.Columns} FROM (
                    SELECT {AuditLog.Columns} FROM audit WHERE feature = 'sharing' AND subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS suffered
                ORDER BY id DESC LIMIT $3
                """,
                AuditLog.Map,
                userId,
                before ?? long.MaxValue,
                limit),
            cancellationToken);
    }
}
