using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>Reads the tables that <see cref="SharingEventRows"/> writes.</summary>
internal sealed class SharingFeed(Database database) : ISharingFeed
{
    private const int MaxListed = 1000;
    private const int MaxDeleted = 10_000;

    private static readonly IReadOnlyList<string> Nobody = [];

    /// <inheritdoc/>
    public Task<long> GetLastIdAsync(CancellationToken cancellationToken) =>
        database.ReadAsync("reading the feed's end", LastIdAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SharingEvent>> ListAsync(long after, int limit, CancellationToken cancellationToken)
    {
        RequireWithin(limit, MaxListed);
        return database.ReadAsync("listing events", session => ListAsync(session, after, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharingFeedPage> ListForUserAsync(string userId, long after, long upTo, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        RequireWithin(limit, MaxListed);
        return database.ReadAsync(
            "listing a user's events",
            async session =>
            {
                var events = await ListForUserAsync(session, userId, after, upTo, limit);

                // Asked afterwards: what was deleted in between may have been missing above.
                var oldest = await session.QueryFirstAsync("SELECT min(id) FROM sharing_events", static row => row.IntegerOrNull(0));
                var last = await LastIdAsync(session);
                var isUnknown = after > last || (oldest ?? last + 1) > after + 1;
                return new SharingFeedPage(events, events.Count < limit, isUnknown);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListMatesAsync(string userId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        return await database.ReadAsync(
            "listing who shares a team",
            session => session.QueryAsync(
                """
                SELECT DISTINCT other.user_id FROM sharing_members own JOIN sharing_members other ON other.team_id = own.team_id
                WHERE own.user_id = $1 AND other.user_id <> $1
                """,
                static row => row.Text(0),
                userId),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(TimeSpan retention, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retention, TimeSpan.Zero);
        RequireWithin(limit, MaxDeleted);
        var end = database.Now - retention;

        // By number and not by time: a gap in the middle would look to a reader as if nothing had been there.
        return database.WriteAsync(
            "deleting old events",
            session => session.ExecuteAsync(
                """
                DELETE FROM sharing_events WHERE id IN (
                    SELECT id FROM sharing_events
                    WHERE id < coalesce((SELECT min(id) FROM sharing_events WHERE at >= $1), 9223372036854775807)
                    ORDER BY id LIMIT $2)
                """,
                end,
                limit),
            cancellationToken);
    }

    private static void RequireWithin(int limit, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, most);
    }

    private static ValueTask<long> LastIdAsync(DatabaseSession session) =>
        session.QueryFirstAsync("SELECT last_id FROM sharing_feed", static row => row.Integer(0));

    private static async ValueTask<IReadOnlyList<SharingEvent>> ListAsync(DatabaseSession session, long after, int limit)
    {
        var events = await session.QueryAsync(
            "SELECT id, at, name, payload, brief FROM sharing_events WHERE id > $1 ORDER BY id LIMIT $2",
            static row => Map(row, Nobody),
            after,
            limit);
        if (events.Count == 0)
        {
            return events;
        }

        var audiences = new Dictionary<long, List<string>>();
        await session.VisitAsync(
            """
            SELECT event_id, user_id FROM sharing_event_users WHERE event_id > $1 AND event_id <= $2
            UNION
            SELECT e.id, m.user_id FROM sharing_events e JOIN sharing_members m ON m.team_id = e.team_id WHERE e.id > $1 AND e.id <= $2
            UNION
            SELECT id, subject_id FROM sharing_events WHERE id > $1 AND id <= $2 AND subject_id IS NOT NULL
            UNION
            SELECT e.id, other.user_id FROM sharing_events e
            JOIN sharing_members own ON own.user_id = e.subject_id JOIN sharing_members other ON other.team_id = own.team_id
            WHERE e.id > $1 AND e.id <= $2
            """,
            row =>
            {
                var id = row.Integer(0);
                if (!audiences.TryGetValue(id, out var users))
                {
                    audiences.Add(id, users = []);
                }

                users.Add(row.Text(1));
                return true;
            },
            after,
            events[^1].Id);
        return events.ConvertAll(one => audiences.TryGetValue(one.Id, out var users) ? one with { Audience = users } : one);
    }

    private static ValueTask<List<SharingEvent>> ListForUserAsync(DatabaseSession session, string userId, long after, long upTo, int limit)
    {
        IReadOnlyList<string> audience = [userId];

        // By ways that each have an index, so that what others do costs nothing here.
        return session.QueryAsync(
            """
            SELECT id, at, name, payload, brief FROM sharing_events WHERE id IN (
                SELECT e.id FROM sharing_members m JOIN sharing_events e ON e.team_id = m.team_id
                WHERE m.user_id = $1 AND e.id > $2 AND e.id <= $3
                UNION
                SELECT id FROM sharing_events WHERE subject_id = $1 AND id > $2 AND id <= $3
                UNION
                SELECT e.id FROM sharing_members own
                JOIN sharing_members other ON other.team_id = own.team_id JOIN sharing_events e ON e.subject_id = other.user_id
                WHERE own.user_id = $1 AND e.id > $2 AND e.id <= $3
                UNION
                SELECT event_id FROM sharing_event_users WHERE user_id = $1 AND event_id > $2 AND event_id <= $3)
            ORDER BY id LIMIT $4
            """,
            row => Map(row, audience),
            userId,
            after,
            upTo,
            limit);
    }

    private static SharingEvent Map(SqlRow row, IReadOnlyList<string> audience) =>
        new(row.Integer(0), row.Time(1), new SharingEventText(row.Text(2), row.Text(3), row.TextOrNull(4)), audience);
}
