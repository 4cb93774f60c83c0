using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sharing;

internal sealed partial class SharingShares
{
    private const int MaxBatch = 10_000;

    /// <inheritdoc/>
    public Task<int> DeleteExpiredAsync(TimeSpan? retention, int batch, CancellationToken cancellationToken)
    {
        if (retention is { } time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(retention));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        var now = database.Now;
        return database.WriteAsync(
            "deleting old shares",
            async session => await ShareRows.DeleteAsync(session, await FindExpiredAsync(session, retention, batch, now)),
            cancellationToken);
    }

    private static async ValueTask<List<ShareRows.DoomedShare>> FindExpiredAsync(
        DatabaseSession session, TimeSpan? retention, int batch, DateTimeOffset now)
    {
        var found = await session.QueryAsync(
            "SELECT number, author_id FROM sharing_shares WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2", ShareRows.MapDoomed, now, batch);
        var terms = await session.QueryAsync(
            "SELECT DISTINCT retention_days FROM sharing_teams WHERE retention_days IS NOT NULL", static row => row.Integer(0));
        foreach (var days in terms)
        {
            if (found.Count < batch)
            {
                found.AddRange(await session.QueryAsync(
                    """
                    SELECT s.number, s.author_id FROM sharing_teams t JOIN sharing_shares s ON s.team_id = t.id
                    WHERE t.retention_days = $1 AND s.created_at < $2 AND (s.expires_at IS NULL OR s.expires_at > $3) LIMIT $4
                    """,
                    ShareRows.MapDoomed,
                    days,
                    now.AddDays(-days),
                    now,
                    batch - found.Count));
            }
        }

        if (retention is { } time && found.Count < batch)
        {
            found.AddRange(await session.QueryAsync(
                """
                SELECT s.number, s.author_id FROM sharing_shares s LEFT JOIN sharing_teams t ON t.id = s.team_id
                WHERE s.created_at < $1 AND t.retention_days IS NULL AND (s.expires_at IS NULL OR s.expires_at > $2) ORDER BY s.created_at LIMIT $3
                """,
                ShareRows.MapDoomed,
                now - time,
                now,
                batch - found.Count));
        }

        return found;
    }
}
