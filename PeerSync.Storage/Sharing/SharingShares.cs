using System.Globalization;
using System.Text;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The tables of code shares.</summary>
internal sealed partial class SharingShares(Database database) : ISharingShares
{
    // Recipients are inserted so many at a time: few texts of statements, which sessions keep prepared, and few round trips.
    private static readonly int[] RecipientBatches = [64, 8, 1];
    private static readonly string[] RecipientStatements = [.. RecipientBatches.Select(InsertRecipients)];

    /// <inheritdoc/>
    public Task<ShareCreation> CreateAsync(
        NewShare share, ShareLimits limits, Func<ShareNames, SharingEventText> compose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(share);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(compose);
        if (share.TeamId is { } teamId && !ShareRows.CanBeId(teamId))
        {
            return Task.FromResult(new ShareCreation(ShareWriteStatus.Forbidden));
        }

        if (share.Wraps.Count > limits.MaxWraps)
        {
            return Task.FromResult(new ShareCreation(ShareWriteStatus.TooManyWraps));
        }

        var size = SizeOf(share);
        var now = database.Now;
        return database.WriteAsync("making a share", session => CreateAsync(session, share, size, limits, compose, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredShare?> FindAsync(string id, string userId, long maxSize, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!ShareRows.CanBeId(id))
        {
            return Task.FromResult<StoredShare?>(null);
        }

        var now = database.Now;
        return database.ReadAsync("reading a share", session => FindAsync(session, id, userId, maxSize, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ShareWriteStatus> AppendWrapsAsync(string id, string userId, ShareWraps wraps, ShareLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(wraps);
        ArgumentNullException.ThrowIfNull(limits);
        if (!ShareRows.CanBeId(id))
        {
            return Task.FromResult(ShareWriteStatus.NotFound);
        }

        var now = database.Now;
        return database.WriteAsync("adding wrapped keys", session => AppendAsync(session, id, userId, wraps, limits, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ShareOutcome> RequestWrapsAsync(string id, string userId, SharingEventText text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(text);
        if (!ShareRows.CanBeId(id))
        {
            return Task.FromResult(new ShareOutcome(ShareWriteStatus.NotFound));
        }

        var now = database.Now;
        return database.WriteAsync(
            "asking for wrapped keys",
            async session => await ShareRows.FindAsync(session, id, userId, now) is { } share
                ? new ShareOutcome(ShareWriteStatus.Done, await SharingEventRows.AppendForUsersAsync(session, now, text, [share.AuthorId]))
                : new ShareOutcome(ShareWriteStatus.NotFound),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ShareOutcome> DeleteAsync(string id, string userId, Func<string?, SharingEventText> compose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(compose);
        if (!ShareRows.CanBeId(id))
        {
            return Task.FromResult(new ShareOutcome(ShareWriteStatus.NotFound));
        }

        var now = database.Now;
        return database.WriteAsync("deleting a share", session => DeleteAsync(session, id, userId, compose, now), cancellationToken);
    }

    private static async ValueTask<ShareCreation> CreateAsync(
        DatabaseSession session, NewShare share, long size, ShareLimits limits, Func<ShareNames, SharingEventText> compose, DateTimeOffset now)
    {
        // One author's shares come one after the other from here on, so that nobody counts while another request writes.
        if (!await SharingRows.HoldUserAsync(session, share.AuthorId) || (share.TeamId is not null && !await HoldMemberAsync(session, share.TeamId, share.AuthorId)))
        {
            return new ShareCreation(ShareWriteStatus.Forbidden);
        }

        var recipients = share.Wraps.Recipients.Select(static recipient => recipient.UserId).Distinct(StringComparer.Ordinal).ToList();
        var mates = await ReadMatesAsync(session, share.AuthorId, share.TeamId);
        if (!recipients.TrueForAll(recipient => recipient == share.AuthorId || mates.ContainsKey(recipient)))
        {
            return new ShareCreation(ShareWriteStatus.UnknownRecipient);
        }

        if (!await TryCountAsync(session, share.AuthorId, size, limits))
        {
            return new ShareCreation(ShareWriteStatus.QuotaExceeded);
        }

        var id = SharingIds.New();
        var number = await InsertAsync(session, id, share, size, now);
        await InsertWrapsAsync(session, number, 0, share.Wraps);
        await SharingRows.AuditAsync(session, now, "CODE_SHARE_CREATED", share.AuthorId, share.TeamId ?? share.AuthorId, id);
        var names = new ShareNames(
            id,
            await NameOfUserAsync(session, share.AuthorId) ?? string.Empty,
            share.TeamId is null ? null : await session.QueryFirstAsync("SELECT name FROM sharing_teams WHERE id = $1", static row => row.Text(0), share.TeamId),
            share.TeamId is null && recipients.Count > 0 ? await NameOfUserAsync(session, recipients[0]) : null);
        var text = compose(names);
        var told = share.TeamId is null
            ? await SharingEventRows.AppendForUsersAsync(session, now, text, [share.AuthorId, .. recipients])
            : await SharingEventRows.AppendForTeamAsync(
                session, now, text, share.TeamId, [.. recipients.Where(recipient => recipient != share.AuthorId && !mates[recipient])]);
        return new ShareCreation(ShareWriteStatus.Done, id, told);
    }

    private static async ValueTask<long> InsertAsync(DatabaseSession session, string id, NewShare share, long size, DateTimeOffset now)
    {
        var number = await session.QueryFirstAsync(
            """
            INSERT INTO sharing_shares (id, author_id, team_id, wraps, size, created_at, metadata) VALUES ($1, $2, $3, $4, $5, $6, $7)
            RETURNING number
            """,
            static row => row.Integer(0),
            id,
            share.AuthorId,
            share.TeamId,
            share.Wraps.Count,
            size,
            now,
            share.Metadata);
        if (share.ExpiresAt is { } expiresAt)
        {
            // Parameters have no null of type time.
            await session.ExecuteAsync("UPDATE sharing_shares SET expires_at = $2 WHERE number = $1", number, expiresAt);
        }

        await session.ExecuteAsync(
            "INSERT INTO sharing_contents (share_number, iv, aad, metadata, ciphertext) VALUES ($1, $2, $3, $4, $5)",
            number,
            share.Iv,
            share.Aad,
            share.WholeMetadata,
            share.Ciphertext);
        return number;
    }

    private static async ValueTask<StoredShare?> FindAsync(DatabaseSession session, string id, string userId, long maxSize, DateTimeOffset now)
    {
        var found = await session.QueryFirstAsync(
            $"""
            SELECT s.number, s.metadata, s.author_id, u.name, s.team_id, s.created_at, s.expires_at, s.size
            FROM sharing_shares s JOIN sharing_users u ON u.id = s.author_id
            WHERE s.id = $1 AND {ShareRows.Lives} AND {ShareRows.MayRead}
            """,
            row => (
                Number: row.Integer(0),
                Metadata: row.Text(1),
                Share: new StoredShare(id, row.Text(2), row.Text(3), row.TextOrNull(4), row.Time(5), row.TimeOrNull(6), row.Integer(7), Content: null)),
            id,
            now,
            userId);
        if (found.Share is null || found.Share.Size > maxSize)
        {
            return found.Share;
        }

        var wraps = await session.QueryAsync(
            "SELECT wraps FROM sharing_wraps WHERE share_number = $1 ORDER BY position", static row => row.Text(0), found.Number);
        var content = await session.QueryFirstAsync(
            "SELECT ciphertext, iv, aad, metadata FROM sharing_contents WHERE share_number = $1",
            row => new ShareContent(row.Text(0), row.Text(1), row.TextOrNull(2), row.TextOrNull(3) ?? found.Metadata, wraps),
            found.Number);

        // Deleted between the statements.
        return content is null ? null : found.Share with { Content = content };
    }

    private static async ValueTask<ShareWriteStatus> AppendAsync(
        DatabaseSession session, string id, string userId, ShareWraps wraps, ShareLimits limits, DateTimeOffset now)
    {
        await SharingRows.HoldUserAsync(session, userId);
        if (await ShareRows.FindAsync(session, id, userId, now) is not { } share)
        {
            return ShareWriteStatus.NotFound;
        }

        if (share.AuthorId != userId)
        {
            return ShareWriteStatus.Forbidden;
        }

        if (wraps.Count == 0)
        {
            return ShareWriteStatus.Done;
        }

        if (share.Wraps + wraps.Count > limits.MaxWraps)
        {
            return ShareWriteStatus.TooManyWraps;
        }

        var mates = await ReadMatesAsync(session, userId, null);
        if (wraps.Recipients.Any(recipient => recipient.UserId != userId && !mates.ContainsKey(recipient.UserId)))
        {
            return ShareWriteStatus.UnknownRecipient;
        }

        var size = Encoding.UTF8.GetByteCount(wraps.Text);
        if (!await TryCountAsync(session, userId, size, limits))
        {
            return ShareWriteStatus.QuotaExceeded;
        }

        await session.ExecuteAsync("UPDATE sharing_shares SET wraps = wraps + $2, size = size + $3 WHERE number = $1", share.Number, wraps.Count, size);
        var position = await session.QueryFirstAsync(
            "SELECT coalesce(max(position), -1) + 1 FROM sharing_wraps WHERE share_number = $1", static row => row.Integer(0), share.Number);
        await InsertWrapsAsync(session, share.Number, position, wraps);
        await SharingRows.AuditAsync(session, now, "CODE_SHARE_WRAPS_ADDED", userId, share.TeamId ?? userId, id);
        return ShareWriteStatus.Done;
    }

    private static async ValueTask<ShareOutcome> DeleteAsync(
        DatabaseSession session, string id, string userId, Func<string?, SharingEventText> compose, DateTimeOffset now)
    {
        if (await ShareRows.FindAsync(session, id, userId, now) is not { } share)
        {
            return new ShareOutcome(ShareWriteStatus.NotFound);
        }

        var isOwner = share.TeamId is not null
            && await session.QueryFirstAsync("SELECT 1 FROM sharing_teams WHERE id = $1 AND owner_id = $2", static row => row.Integer(0), share.TeamId, userId) == 1;
        if (share.AuthorId != userId && !isOwner)
        {
            return new ShareOutcome(ShareWriteStatus.Forbidden);
        }

        var recipients = await ShareRows.RecipientsAsync(session, share.Number);
        if (await ShareRows.DeleteAsync(session, [new ShareRows.DoomedShare(share.Number, share.AuthorId)]) == 0)
        {
            return new ShareOutcome(ShareWriteStatus.NotFound);
        }

        await SharingRows.AuditAsync(session, now, "CODE_SHARE_DELETED", userId, share.TeamId ?? share.AuthorId, id);
        IReadOnlyCollection<string> told = [share.AuthorId, .. recipients];
        var text = compose(share.TeamId);
        return new ShareOutcome(
            ShareWriteStatus.Done,
            share.TeamId is null
                ? await SharingEventRows.AppendForUsersAsync(session, now, text, told)
                : await SharingEventRows.AppendForTeamAsync(session, now, text, share.TeamId, told));
    }

    // A member who is being removed cannot be so before the share is there, and no share comes after the removal. SQLite has one writer at a time.
    private static async ValueTask<bool> HoldMemberAsync(DatabaseSession session, string teamId, string userId) =>
        session.Engine is DatabaseEngine.Sqlite
            ? await SharingRows.IsMemberAsync(session, teamId, userId)
            : await session.QueryFirstAsync(
                "SELECT 1 FROM sharing_members WHERE team_id = $1 AND user_id = $2 FOR SHARE", static row => row.Integer(0), teamId, userId) == 1;

    // Everybody who shares a team with a user, and whether it is the one that is named.
    private static async ValueTask<Dictionary<string, bool>> ReadMatesAsync(DatabaseSession session, string userId, string? teamId)
    {
        var mates = new Dictionary<string, bool>(StringComparer.Ordinal);
        await session.VisitAsync(
            """
            SELECT other.user_id, max(CASE WHEN other.team_id = $2 THEN 1 ELSE 0 END)
            FROM sharing_members own JOIN sharing_members other ON other.team_id = own.team_id
            WHERE own.user_id = $1 GROUP BY other.user_id
            """,
            row =>
            {
                mates.Add(row.Text(0), row.Integer(1) == 1);
                return true;
            },
            userId,
            teamId);
        return mates;
    }

    private static async ValueTask<bool> TryCountAsync(DatabaseSession session, string userId, long size, ShareLimits limits) =>
        await session.ExecuteAsync(
            "UPDATE sharing_users SET stored_bytes = stored_bytes + $2 WHERE id = $1 AND stored_bytes + $2 <= $3", userId, size, limits.MaxStoredBytes) == 1;

    private static async ValueTask InsertWrapsAsync(DatabaseSession session, long number, long position, ShareWraps wraps)
    {
        if (wraps.Count == 0)
        {
            return;
        }

        await session.ExecuteAsync("INSERT INTO sharing_wraps (share_number, position, wraps) VALUES ($1, $2, $3)", number, position, wraps.Text);
        var inserted = 0;
        for (var i = 0; i < RecipientBatches.Length; i++)
        {
            while (wraps.Recipients.Count - inserted >= RecipientBatches[i])
            {
                var values = new SqlValue[1 + (2 * RecipientBatches[i])];
                values[0] = number;
                for (var j = 0; j < RecipientBatches[i]; j++)
                {
                    values[1 + (2 * j)] = wraps.Recipients[inserted + j].UserId;
                    values[2 + (2 * j)] = wraps.Recipients[inserted + j].DeviceId;
                }

                await session.ExecuteAsync(RecipientStatements[i], values);
                inserted += RecipientBatches[i];
            }
        }
    }

    private static string InsertRecipients(int count)
    {
        var rows = Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"($1, ${(2 * i) + 2}, ${(2 * i) + 3})"));
        return $"INSERT INTO sharing_recipients (share_number, user_id, device_id) VALUES {string.Join(", ", rows)} ON CONFLICT DO NOTHING";
    }

    private static ValueTask<string?> NameOfUserAsync(DatabaseSession session, string userId) =>
        session.QueryFirstAsync("SELECT name FROM sharing_users WHERE id = $1", static row => row.Text(0), userId);

    private static long SizeOf(NewShare share) =>
        (long)Bytes(share.Ciphertext) + Bytes(share.Iv) + Bytes(share.Aad) + Bytes(share.Metadata) + Bytes(share.WholeMetadata) + Bytes(share.Wraps.Text);

    private static int Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
