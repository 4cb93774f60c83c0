namespace PeerSync.Actors.Sharing;

/// <summary>Tells whose an access token is.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IFeedIdentities
{
    /// <summary>Verifies a token, and that its session still stands.</summary>
    /// <returns>Whose it is; null where it is not valid.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The database does not answer.</exception>
    ValueTask<FeedIdentity?> VerifyAsync(string token, CancellationToken cancellationToken);
}

/// <summary>Who listens.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session.</param>
/// <param name="ExpiresAt">When the token expires.</param>
public sealed record FeedIdentity(string UserId, string SessionId, DateTimeOffset ExpiresAt);
