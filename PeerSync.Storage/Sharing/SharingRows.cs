using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The statements that the parts of the Sharing tables share.</summary>
internal static class SharingRows
{
    private const string Feature = "sharing";

    /// <summary>
    /// Keeps a user's row until the transaction ends, so that changes which count or compare come one after the other. Users are held before teams, and teams
    /// before anything else.
    /// </summary>
    /// <returns>False where the user is not known.</returns>
    public static async ValueTask<bool> HoldUserAsync(DatabaseSession session, string userId) =>
        await session.ExecuteAsync("UPDATE sharing_users SET stored_bytes = stored_bytes WHERE id = $1", userId) == 1;

    /// <summary>As <see cref="HoldUserAsync"/>, for a team.</summary>
    public static async ValueTask<bool> HoldTeamAsync(DatabaseSession session, string teamId) =>
        await session.ExecuteAsync("UPDATE sharing_teams SET owner_id = owner_id WHERE id = $1", teamId) == 1;

    /// <summary>Whether a user belongs to a team.</summary>
    public static async ValueTask<bool> IsMemberAsync(DatabaseSession session, string teamId, string userId) =>
        await session.QueryFirstAsync("SELECT 1 FROM sharing_members WHERE team_id = $1 AND user_id = $2", static row => row.Integer(0), teamId, userId) == 1;

    /// <summary>Makes a team with its owner as the only member.</summary>
    /// <returns>The team's id.</returns>
    public static async ValueTask<string> CreateTeamAsync(DatabaseSession session, DateTimeOffset now, string name, string ownerId)
    {
        var id = SharingIds.New();
        await session.ExecuteAsync(
            "INSERT INTO sharing_teams (id, name, slug, owner_id, created_at) VALUES ($1, $2, $3, $4, $5)", id, name, SharingIds.NewSlug(), ownerId, now);
        await session.ExecuteAsync(
            "INSERT INTO sharing_members (team_id, user_id, role, joined_at) VALUES ($1, $2, 'OWNER', $3)", id, ownerId, now);
        return id;
    }

    /// <summary>Makes the team that everybody has who has no other, and writes both into the audit log.</summary>
    /// <param name="session">The operation.</param>
    /// <param name="now">The current time.</param>
    /// <param name="userName">After whom the team is named.</param>
    /// <param name="userId">The owner.</param>
    public static async ValueTask<string> CreateDefaultTeamAsync(DatabaseSession session, DateTimeOffset now, string userName, string userId)
    {
        var id = await CreateTeamAsync(session, now, DefaultTeamName(userName), userId);
        await AuditAsync(session, now, "TEAM_CREATED_DEFAULT", userId, id, null);
        await AuditAsync(session, now, "TEAM_MEMBER_CREATED_DEFAULT", userId, id, userId);
        return id;
    }

    /// <summary>The name of a user's first team; a long name is cut so that it fits, never through a character.</summary>
    public static string DefaultTeamName(string userName)
    {
        const string Suffix = "'s Team";
        var length = Math.Min(userName.Length, SharingTeam.MaxNameLength - Suffix.Length);
        if (length < userName.Length && char.IsHighSurrogate(userName[length - 1]))
        {
            length--;
        }

        return string.Concat(userName.AsSpan(0, length), Suffix);
    }

    /// <summary>Writes what an operation does into the audit log.</summary>
    /// <param name="session">The operation.</param>
    /// <param name="now">The current time.</param>
    /// <param name="action">The action's name (Sharing contract, section 7).</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="subject">The team, where it belongs to one, or the user: what the log is searched by.</param>
    /// <param name="detail">What it is done to, where that is neither of the two.</param>
    public static ValueTask<int> AuditAsync(DatabaseSession session, DateTimeOffset now, string action, string actor, string? subject, string? detail) =>
        AuditLog.AppendAsync(session, now, new AuditEntry(Feature, action, actor, subject, detail));
}
