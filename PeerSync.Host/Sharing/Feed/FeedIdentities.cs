using PeerSync.Actors.Sharing;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>The feature's sessions, for the feed's listeners.</summary>
internal sealed class FeedIdentities(SharingSessions sessions) : IFeedIdentities
{
    /// <inheritdoc />
    public async ValueTask<FeedIdentity?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        await sessions.VerifyAsync(token, cancellationToken) is { } caller ? new FeedIdentity(caller.UserId, caller.SessionId, caller.ExpiresAt) : null;
}
