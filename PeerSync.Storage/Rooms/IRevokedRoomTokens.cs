namespace PeerSync.Storage.Rooms;

/// <summary>Tokens for rooms that were revoked before their time was over (Rooms contract, section 10).</summary>
/// <remarks>
/// Thread-safe. A revocation has been committed durably when its task completes. Every method throws <see cref="StorageUnavailableException"/> when the
/// database fails and <see cref="OperationCanceledException"/> when cancelled.
/// </remarks>
public interface IRevokedRoomTokens
{
    /// <summary>The longest id of a token, in characters.</summary>
    const int MaxIdLength = 128;

    /// <summary>Revokes a token. One that is revoked already stays so for the longer of the two times.</summary>
    /// <param name="tokenId">The token's own name, 1 to <see cref="MaxIdLength"/> characters.</param>
    /// <param name="expiresAt">When the token would have ended; after it the revocation is forgotten.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="ArgumentException">The id is empty or too long.</exception>
    Task RevokeAsync(string tokenId, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>The tokens whose revocation still counts.</summary>
    Task<IReadOnlyList<RevokedRoomToken>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A revoked token.</summary>
/// <param name="TokenId">Its own name.</param>
/// <param name="ExpiresAt">When it would have ended.</param>
public sealed record RevokedRoomToken(string TokenId, DateTimeOffset ExpiresAt);
