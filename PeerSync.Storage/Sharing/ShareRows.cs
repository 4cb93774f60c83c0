using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

/// <summary>The statements about shares that several operations need.</summary>
internal static class ShareRows
{
    /// <summary>A share exists until its time has come; <c>$2</c> is the current time.</summary>
    internal const string Lives = "(s.expires_at IS NULL OR s.expires_at > $2)";

    /// <summary>Who may read a share; <c>$3</c> is the user.</summary>
    internal const string MayRead =
        """
        (s.author_id = $3
         OR EXISTS (SELECT 1 FROM sharing_recipients r WHERE r.share_number = s.number AND r.user_id = $3)
         OR EXISTS (SELECT 1 FROM sharing_members m WHERE m.team_id = s.team_id AND m.user_id = $3))
        """;

    private const int MaxIdLength = 128;

    /// <summary>Whether a text from outside can be an id at all.</summary>
    internal static bool CanBeId(string text) => text.Length is > 0 and <= MaxIdLength && StorableText.IsStorable(text);

    /// <summary>Finds a share for somebody who may read it.</summary>
    internal static ValueTask<ShareRow?> FindAsync(DatabaseSession session, string id, string userId, DateTimeOffset now) =>
        session.QueryFirstAsync(
            $"SELECT s.number, s.author_id, s.team_id, s.wraps FROM sharing_shares s WHERE s.id = $1 AND {Lives} AND {MayRead}",
            static row => new ShareRow(row.Integer(0), row.Text(1), row.TextOrNull(2), row.Integer(3)),
            id,
            now,
            userId);

    /// <summary>Who has a wrapped key for a share.</summary>
    internal static ValueTask<List<string>> RecipientsAsync(DatabaseSession session, long number) =>
        session.QueryAsync("SELECT DISTINCT user_id FROM sharing_recipients WHERE share_number = $1", static row => row.Text(0), number);

    /// <summary>Deletes shares with what the quotas count of them.</summary>
    /// <returns>How many there still were.</returns>
    internal static async ValueTask<int> DeleteAsync(DatabaseSession session, IReadOnlyCollection<DoomedShare> shares)
    {
        // Held in one order, so that two who delete at once do not wait for each other.
        foreach (var authorId in shares.Select(static share => share.AuthorId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            await SharingRows.HoldUserAsync(session, authorId);
        }

        var deleted = 0;
        foreach (var share in shares)
        {
            // More than none at all: a row that was found has a size of its own.
            var size = await session.QueryFirstAsync(
                "DELETE FROM sharing_shares WHERE number = $1 RETURNING size + 1", static row => row.Integer(0), share.Number);
            if (size > 0)
            {
                deleted++;
                await session.ExecuteAsync("UPDATE sharing_users SET stored_bytes = stored_bytes - $2 WHERE id = $1", share.AuthorId, size - 1);
            }
        }

        return deleted;
    }

    /// <summary>A share's number and author.</summary>
    internal static DoomedShare MapDoomed(SqlRow row) => new(row.Integer(0), row.Text(1));

    /// <summary>A share that is found.</summary>
    internal sealed record ShareRow(long Number, string AuthorId, string? TeamId, long Wraps);

    /// <summary>A share to be deleted.</summary>
    internal readonly record struct DoomedShare(long Number, string AuthorId);
}
