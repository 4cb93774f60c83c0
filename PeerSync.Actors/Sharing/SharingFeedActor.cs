using PeerSync.Kernel;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>Brings each event to those who listen and may know of it, in the order of the events' numbers.</summary>
/// <remarks>
/// It holds no event longer than until its turn has come: what listeners have missed they read from the database. Where it fails it forgets who listens, and
/// tells them so.
/// </remarks>
/// <param name="feed">The events that are kept.</param>
/// <param name="options">The feed's settings.</param>
/// <param name="counters">Where it counts.</param>
public sealed partial class SharingFeedActor(ISharingFeed feed, FeedOptions options, FeedCounters counters) : UntypedActor, IWithTimers
{
    private readonly Dictionary<IActorRef, FeedSubscription> _listeners = [];
    private readonly FeedSubscriptions _shared = new();
    private readonly Dictionary<string, FeedSubscriptions> _users = new(StringComparer.Ordinal);
    private readonly FeedFrames _frames = new(options.SharedPayloadsAreFull);

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void PreStart()
    {
        FindStart();
        if (options.PollInterval is { } interval)
        {
            Timers.StartPeriodicTimer(nameof(Fetch), FetchNow.Instance, interval);
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var listener in _listeners.Keys)
        {
            listener.Tell(FeedRestarted.Instance, Self);
        }

        base.PreRestart(reason, message);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        _frames.End();
        foreach (var subscription in _listeners.Values)
        {
            counters.Unsubscribed(subscription.Kind);
        }
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SharingEvent happened:
                Offer(happened);
                break;
            case SubscribeToFeed request:
                Subscribe(request);
                break;
            case UnsubscribeFromFeed:
                Unsubscribe();
                break;
            case EndFeedSession ended:
                EndSession(ended);
                break;
            case GetFeedSnapshot when _listeners.TryGetValue(Sender, out var subscription) && subscription.UserId is { } userId:
                FindMates(userId, mates => new SnapshotWanted(subscription, mates));
                break;
            case GetFeedPresence asked:
                var asker = Sender;
                FindMates(asked.UserId, mates => new PresenceWanted(asker, mates), exception => new PresenceUnknown(asker, exception));
                break;
            case AwaitFeedStart when !_isStarted:
                _awaitingStart.Add(Sender);
                break;
            case GetFeedState or AwaitFeedStart:
                Sender.Tell(new FeedState(_isStarted ? _cursor : null), Self);
                break;
            case UserGone gone:
                OnUserGone(gone.UserId);
                break;
            default:
                if (!OnPresence(message))
                {
                    OnOrder(message);
                }

                break;
        }
    }

    private void Subscribe(SubscribeToFeed request)
    {
        if (_listeners.ContainsKey(Sender))
        {
            return;
        }

        var subscription = new FeedSubscription(Sender, request);
        if (request.UserId is not { } userId)
        {
            _shared.Add(subscription);
        }
        else if (!TryAdd(userId, subscription))
        {
            Sender.Tell(FeedRefused.Instance, Self);
            return;
        }

        _listeners.Add(Sender, subscription);
        counters.Subscribed(request.Kind);
        if (_isStarted)
        {
            Confirm(subscription);
        }
    }

    private bool TryAdd(string userId, FeedSubscription subscription)
    {
        if (!_users.TryGetValue(userId, out var user))
        {
            _users.Add(userId, user = new FeedSubscriptions());
            Announce(userId);
        }
        else if (user.Count >= options.MaxConnectionsPerUser)
        {
            return false;
        }
        else if (user.Count == 0)
        {
            Timers.Cancel(new UserGone(userId));
        }

        user.Add(subscription);
        return true;
    }

    private void Confirm(FeedSubscription subscription)
    {
        if (subscription.Kind is FeedKind.WebSocket or FeedKind.ServerSentEvents)
        {
            subscription.Listener.Tell(new SubscribedToFeed(_cursor), Self);
        }
    }

    private void Unsubscribe()
    {
        if (!_listeners.Remove(Sender, out var subscription))
        {
            return;
        }

        counters.Unsubscribed(subscription.Kind);
        if (subscription.UserId is not { } userId)
        {
            _shared.Remove(subscription);
            return;
        }

        var user = _users[userId];
        user.Remove(subscription);
        if (user.Count == 0)
        {
            var gone = new UserGone(userId);
            Timers.StartSingleTimer(gone, gone, options.PresenceGrace);
        }
    }

    private void EndSession(EndFeedSession ended)
    {
        if (!_users.TryGetValue(ended.UserId, out var user))
        {
            return;
        }

        foreach (var subscription in user)
        {
            if (ended.SessionId is null || ended.SessionId == subscription.SessionId)
            {
                subscription.Listener.Tell(FeedSessionEnded.Instance, Self);
            }
        }
    }

    private void Deliver(SharingEvent happened)
    {
        _frames.Begin(happened.Id, happened.Text);
        var told = Send(_shared);
        foreach (var userId in happened.Audience)
        {
            if (_users.TryGetValue(userId, out var user))
            {
                told += Send(user);
            }
        }

        _frames.End();
        counters.EventDelivered(told);
    }

    private int Send(FeedSubscriptions subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Listener.Tell(_frames.For(subscription.Kind), Self);
        }

        return subscriptions.Count;
    }
}
