using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

internal sealed partial class SharingShares
{
    private const int MaxPage = 50;

    // A page ends early where its texts come to more characters than this, but never before its first share.
    private const int PageText = 4 * 1024 * 1024;

    // The devices of an author's team mates, of those to whom the author wrote and who still are that, and the author's own.
    private const string MissingDevices =
        $"""
        SELECT s.number, s.id, s.team_id, d.user_id, d.device_id, d.encryption_key, d.fingerprint, d.slot
        FROM sharing_shares s
        JOIN sharing_members own ON own.team_id = s.team_id AND own.user_id = $1
        JOIN sharing_members m ON m.team_id = s.team_id AND m.user_id <> $1
        JOIN sharing_devices d ON d.user_id = m.user_id
        WHERE {MissingFilter}
        UNION ALL
        SELECT s.number, s.id, s.team_id, d.user_id, d.device_id, d.encryption_key, d.fingerprint, d.slot
        FROM sharing_shares s
        JOIN (SELECT DISTINCT share_number, user_id FROM sharing_recipients WHERE share_number >= $4 AND share_number <= $3 AND user_id <> $1) AS r
          ON r.share_number = s.number
        JOIN sharing_devices d ON d.user_id = r.user_id
        WHERE {MissingFilter} AND s.team_id IS NULL
          AND r.user_id IN (SELECT o.user_id FROM sharing_members m JOIN sharing_members o ON o.team_id = m.team_id WHERE m.user_id = $1)
        UNION ALL
        SELECT s.number, s.id, s.team_id, d.user_id, d.device_id, d.encryption_key, d.fingerprint, d.slot
        FROM sharing_shares s
        JOIN sharing_devices d ON d.user_id = s.author_id
        WHERE {MissingFilter}
        ORDER BY 1 DESC, 4, 8
        """;

    private const string MissingFilter =
        $"""
        s.author_id = $1 AND {ShareRows.Lives} AND s.number <= $3 AND s.number >= $4
          AND NOT EXISTS (SELECT 1 FROM sharing_recipients w WHERE w.share_number = s.number AND w.user_id = d.user_id AND w.device_id = d.device_id)
        """;

    /// <inheritdoc/>
    public Task<SharePage?> ListTeamAsync(string userId, string? teamId, SharePageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        RequirePage(page);
        if (teamId is not null && !ShareRows.CanBeId(teamId))
        {
            return Task.FromResult<SharePage?>(null);
        }

        var now = database.Now;
        return database.ReadAsync(
            "listing a team's shares",
            async session =>
            {
                var team = teamId ?? await DefaultTeamAsync(session, userId);
                return team is null
                    ? new SharePage([], null)
                    : await SharingRows.IsMemberAsync(session, team, userId)
                        ? await AddWrapsAsync(session, team, await ReadPageAsync(session, "s.team_id = $4", page, now, team))
                        : null;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharePage?> ListByAuthorAsync(string userId, string teamId, string authorId, SharePageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(teamId);
        ArgumentNullException.ThrowIfNull(authorId);
        RequirePage(page);
        if (!ShareRows.CanBeId(teamId))
        {
            return Task.FromResult<SharePage?>(null);
        }

        var now = database.Now;
        return database.ReadAsync(
            "listing a member's shares",
            async session => !await SharingRows.IsMemberAsync(session, teamId, userId)
                ? null
                : !ShareRows.CanBeId(authorId)
                    ? new SharePage([], null)
                    : (await ReadPageAsync(session, "s.team_id = $4 AND s.author_id = $5", page, now, teamId, authorId)).Page,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<SharePage> ListDirectAsync(string userId, string otherId, SharePageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userId);
        ArgumentNullException.ThrowIfNull(otherId);
        RequirePage(page);
        if (!ShareRows.CanBeId(otherId))
        {
            return Task.FromResult(new SharePage([], null));
        }

        var now = database.Now;
        return database.ReadAsync(
            "listing direct messages",
            async session => (await ReadPageAsync(
                session,
                """
                s.number IN (
                    SELECT number FROM (
                        SELECT d.number FROM sharing_shares d
                        WHERE d.team_id IS NULL AND d.author_id = $4 AND d.number < $1 AND (d.expires_at IS NULL OR d.expires_at > $2)
                          AND EXISTS (SELECT 1 FROM sharing_recipients r WHERE r.share_number = d.number AND r.user_id = $5)
                        ORDER BY d.number DESC LIMIT $3) AS sent
                    UNION
                    SELECT number FROM (
                        SELECT d.number FROM sharing_shares d
                        WHERE d.team_id IS NULL AND d.author_id = $5 AND d.number < $1 AND (d.expires_at IS NULL OR d.expires_at > $2)
                          AND EXISTS (SELECT 1 FROM sharing_recipients r WHERE r.share_number = d.number AND r.user_id = $4)
                        ORDER BY d.number DESC LIMIT $3) AS received)
                """,
                page,
                now,
                userId,
                otherId)).Page,
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<MissingWrapsPage> ListMissingAsync(string authorId, SharePageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authorId);
        RequirePage(page);
        var now = database.Now;
        return database.ReadAsync("listing missing wrapped keys", session => ListMissingAsync(session, authorId, page, now), cancellationToken);
    }

    // The filter's parameters begin with $4; they are texts, so that the statements of all lists are few.
    private static async ValueTask<(SharePage Page, List<long> Numbers)> ReadPageAsync(
        DatabaseSession session, string filter, SharePageRequest page, DateTimeOffset now, params string[] values)
    {
        var items = new List<ShareListItem>();
        var numbers = new List<long>();
        var text = 0;
        var hasMore = false;
        await session.VisitAsync(
            $"""
            SELECT s.number, s.id, s.author_id, u.name, s.created_at, s.expires_at, s.metadata
            FROM sharing_shares s JOIN sharing_users u ON u.id = s.author_id
            WHERE s.number < $1 AND {ShareRows.Lives} AND {filter}
            ORDER BY s.number DESC LIMIT $3
            """,
            row =>
            {
                var metadata = row.Text(6);
                text += metadata.Length;
                hasMore = items.Count > 0 && (items.Count == page.Limit || text > PageText);
                if (!hasMore)
                {
                    numbers.Add(row.Integer(0));
                    items.Add(new ShareListItem(row.Text(1), row.Text(2), row.Text(3), row.Time(4), row.TimeOrNull(5), metadata, Wraps: null));
                }

                return !hasMore;
            },
            [page.Before ?? long.MaxValue, now, page.Limit + 1L, .. values.Select(static value => (SqlValue)value)]);
        return (new SharePage(items, hasMore ? numbers[^1] : null), numbers);
    }

    private static async ValueTask<SharePage> AddWrapsAsync(DatabaseSession session, string teamId, (SharePage Page, List<long> Numbers) read)
    {
        var (page, numbers) = read;
        if (numbers.Count == 0)
        {
            return page;
        }

        var wraps = numbers.ToDictionary(static number => number, static _ => new List<string>());
        var text = page.Items.Sum(static item => item.Metadata.Length);
        long? cut = null;
        await session.VisitAsync(
            """
            SELECT w.share_number, w.wraps FROM sharing_shares s JOIN sharing_wraps w ON w.share_number = s.number
            WHERE s.team_id = $1 AND s.number >= $2 AND s.number <= $3 ORDER BY s.number DESC, w.position
            """,
            row =>
            {
                var number = row.Integer(0);
                var part = row.Text(1);
                text += part.Length;
                if (text > PageText && number < numbers[0])
                {
                    cut = number;
                    return false;
                }

                // Shares of the range that are not on the page: their time has come.
                if (wraps.TryGetValue(number, out var parts))
                {
                    parts.Add(part);
                }

                return true;
            },
            teamId,
            numbers[^1],
            numbers[0]);
        var kept = cut is { } first ? numbers.TakeWhile(number => number > first).Count() : numbers.Count;
        return new SharePage(
            [.. page.Items.Take(kept).Select((item, i) => item with { Wraps = wraps[numbers[i]] })], kept < numbers.Count ? numbers[kept - 1] : page.Next);
    }

    private static ValueTask<string?> DefaultTeamAsync(DatabaseSession session, string userId) =>
        session.QueryFirstAsync(
            "SELECT team_id FROM sharing_members WHERE user_id = $1 ORDER BY CASE role WHEN 'OWNER' THEN 0 ELSE 1 END, joined_at, team_id LIMIT 1",
            static row => row.Text(0),
            userId);

    private static async ValueTask<MissingWrapsPage> ListMissingAsync(DatabaseSession session, string authorId, SharePageRequest page, DateTimeOffset now)
    {
        // A page looks at so many shares as it may have, however few of them miss something: what it costs does not depend on how many do not.
        var window = await session.QueryAsync(
            $"SELECT s.number FROM sharing_shares s WHERE s.author_id = $1 AND {ShareRows.Lives} AND s.number < $3 ORDER BY s.number DESC LIMIT $4",
            static row => row.Integer(0),
            authorId,
            now,
            page.Before ?? long.MaxValue,
            page.Limit + 1L);
        if (window.Count == 0)
        {
            return new MissingWrapsPage([], null);
        }

        long? next = window.Count > page.Limit ? window[page.Limit - 1] : null;
        var items = new List<MissingWraps>();
        var devices = new List<MissingDevice>();
        var current = 0L;
        var text = 0;
        await session.VisitAsync(
            MissingDevices,
            row =>
            {
                var number = row.Integer(0);
                if (number != current)
                {
                    if (text > PageText)
                    {
                        next = current;
                        return false;
                    }

                    current = number;
                    devices = [];
                    items.Add(new MissingWraps(row.Text(1), row.TextOrNull(2), devices));
                }

                var device = new MissingDevice(row.Text(3), row.Text(4), row.Text(5), row.Text(6));
                text += device.EncryptionKey.Length;
                devices.Add(device);
                return true;
            },
            authorId,
            now,
            window[0],
            next ?? window[^1]);
        return new MissingWrapsPage(items, next);
    }

    private static void RequirePage(SharePageRequest page)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentOutOfRangeException.ThrowIfLessThan(page.Limit, 1, nameof(page));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(page.Limit, MaxPage, nameof(page));
    }
}
