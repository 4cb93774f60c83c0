using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>Appends events to the feed as part of the operations that cause them, so that an event exists exactly if what it tells of happened.</summary>
internal static class SharingEventRows
{
    /// <summary>Tells a team's members, and further users if any are named.</summary>
    /// <remarks>The last statement of its operation: from here until the commit no other event can be appended.</remarks>
    public static async ValueTask<SharingEvent> AppendForTeamAsync(
        DatabaseSession session, DateTimeOffset now, SharingEventText text, string teamId, params IReadOnlyCollection<string> further)
    {
        var members = await session.QueryAsync("SELECT user_id FROM sharing_members WHERE team_id = $1", static row => row.Text(0), teamId);
        return await AppendAsync(session, now, text, teamId, null, further, members.Union(further));
    }

    /// <summary>Tells a user, and everybody who shares a team with the user.</summary>
    /// <inheritdoc cref="AppendForTeamAsync" path="/remarks"/>
    public static async ValueTask<SharingEvent> AppendAboutUserAsync(DatabaseSession session, DateTimeOffset now, SharingEventText text, string userId)
    {
        var mates = await session.QueryAsync(
            """
            SELECT DISTINCT other.user_id FROM sharing_members own JOIN sharing_members other ON other.team_id = own.team_id
            WHERE own.user_id = $1 AND other.user_id <> $1
            """,
            static row => row.Text(0),
            userId);
        return await AppendAsync(session, now, text, null, userId, [], mates.Prepend(userId));
    }

    /// <summary>Tells some users.</summary>
    /// <inheritdoc cref="AppendForTeamAsync" path="/remarks"/>
    public static ValueTask<SharingEvent> AppendForUsersAsync(DatabaseSession session, DateTimeOffset now, SharingEventText text, IReadOnlyCollection<string> users) =>
        AppendAsync(session, now, text, null, null, users, users);

    private static async ValueTask<SharingEvent> AppendAsync(
        DatabaseSession session,
        DateTimeOffset now,
        SharingEventText text,
        string? teamId,
        string? subjectId,
        IReadOnlyCollection<string> named,
        IEnumerable<string> audience)
    {
        var id = await InsertAsync(session, now, text, teamId, subjectId);
        foreach (var userId in named.Distinct(StringComparer.Ordinal))
        {
            await session.ExecuteAsync("INSERT INTO sharing_event_users (event_id, user_id) VALUES ($1, $2)", id, userId);
        }

        return new SharingEvent(id, now, text, [.. audience.Distinct(StringComparer.Ordinal)]);
    }

    // The row of the last number is held from here until the commit, so on PostgreSQL both statements go there in one.
    private static async ValueTask<long> InsertAsync(DatabaseSession session, DateTimeOffset now, SharingEventText text, string? teamId, string? subjectId)
    {
        const string next = "UPDATE sharing_feed SET last_id = last_id + 1 RETURNING last_id";
        const string columns = "(id, at, name, payload, brief, team_id, subject_id)";
        if (session.Engine is DatabaseEngine.Postgres)
        {
            return await session.QueryFirstAsync(
                $"WITH next AS ({next}) INSERT INTO sharing_events {columns} SELECT last_id, $1, $2, $3, $4, $5, $6 FROM next RETURNING id",
                static row => row.Integer(0),
                now,
                text.Name,
                text.Payload,
                text.Brief,
                teamId,
                subjectId);
        }

        var id = await session.QueryFirstAsync(next, static row => row.Integer(0));
        await session.ExecuteAsync(
            $"INSERT INTO sharing_events {columns} VALUES ($1, $2, $3, $4, $5, $6, $7)", id, now, text.Name, text.Payload, text.Brief, teamId, subjectId);
        return id;
    }
}
