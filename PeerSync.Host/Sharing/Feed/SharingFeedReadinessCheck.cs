using PeerSync.Actors.Sharing;
using PeerSync.Host.Health;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Kernel;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>Whether the feed answers and knows where to begin, and whether the listener for Redis's protocol is open if one is wanted.</summary>
internal sealed class SharingFeedReadinessCheck(SharingFeedHub hub, RespAddress resp) : IReadinessCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public string Name => "sharing-feed";

    /// <inheritdoc />
    public async ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken)
    {
        if (resp is { IsWanted: true, Value: null })
        {
            return ReadinessResult.NotReady("The listener for Redis's protocol is not open.");
        }

        var state = await hub.Actor.Ask<FeedState>(GetFeedState.Instance, Deadline, cancellationToken);
        return state.Cursor is null ? ReadinessResult.NotReady("The feed does not know yet where it begins.") : ReadinessResult.Ready;
    }
}
