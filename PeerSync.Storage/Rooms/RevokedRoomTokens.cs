using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Rooms;

/// <summary>The table of revoked tokens.</summary>
internal sealed class RevokedRoomTokens(Database database) : IRevokedRoomTokens
{
    /// <inheritdoc/>
    public Task RevokeAsync(string tokenId, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tokenId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokenId.Length, IRevokedRoomTokens.MaxIdLength, nameof(tokenId));
        var now = database.Now;
        return database.WriteAsync(
            "revoking a token",
            async session =>
            {
                // Whoever adds one takes away what has become useless, so that the table needs no other clean-up.
                await session.ExecuteAsync("DELETE FROM rooms_revoked_tokens WHERE expires_at <= $1", now);
                return await session.ExecuteAsync(
                    """
                    INSERT INTO rooms_revoked_tokens (token_id, expires_at) VALUES ($1, $2)
                    ON CONFLICT (token_id) DO UPDATE SET expires_at = excluded.expires_at WHERE excluded.expires_at > rooms_revoked_tokens.expires_at
                    """,
                    StorableText.Clean(tokenId),
                    expiresAt);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RevokedRoomToken>> ListAsync(CancellationToken cancellationToken)
    {
        var now = database.Now;
        return await database.ReadAsync(
            "listing revoked tokens",
            session => session.QueryAsync(
                "SELECT token_id, expires_at FROM rooms_revoked_tokens WHERE expires_at > $1",
                static row => new RevokedRoomToken(row.Text(0), row.Time(1)),
                now),
            cancellationToken);
    }
}
