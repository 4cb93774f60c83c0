using PeerSync.Kernel;

namespace PeerSync.Actors.Sharing;

/// <summary>Somebody who listens, as the feed's actor knows it.</summary>
internal sealed class FeedSubscription(IActorRef listener, SubscribeToFeed request)
{
    public IActorRef Listener { get; } = listener;

    public FeedKind Kind { get; } = request.Kind;

    public string? UserId { get; } = request.UserId;

    public string? SessionId { get; } = request.SessionId;

    /// <summary>Its place in the list that it stands in, so that it can be taken out at once.</summary>
    public int Index { get; set; }
}

/// <summary>Subscriptions in no order.</summary>
internal sealed class FeedSubscriptions
{
    private readonly List<FeedSubscription> _all = [];

    public int Count => _all.Count;

    public void Add(FeedSubscription subscription)
    {
        subscription.Index = _all.Count;
        _all.Add(subscription);
    }

    public void Remove(FeedSubscription subscription)
    {
        var last = _all[^1];
        _all[subscription.Index] = last;
        last.Index = subscription.Index;
        _all.RemoveAt(_all.Count - 1);
    }

    public List<FeedSubscription>.Enumerator GetEnumerator() => _all.GetEnumerator();
}
