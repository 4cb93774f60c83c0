using PeerSync.Kernel;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <content>
/// The order. Events come from the transactions that caused them, which may tell of themselves in another order than that in which they were committed, and from
/// other nodes, which tell nothing at all: what is missing before an event is read from the database.
/// </content>
public sealed partial class SharingFeedActor
{
    private const int MaxAhead = 1000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<long, SharingEvent> _ahead = [];
    private readonly List<IActorRef> _awaitingStart = [];
    private long _cursor;
    private bool _isStarted;
    private bool _isFetching;
    private long _highest;
    private long _missingBefore;

    private void FindStart() => feed.GetLastIdAsync(CancellationToken.None)
        .PipeTo(Self, success: static last => new StartFound(last), failure: static exception => new StartNotFound(exception.Message));

    private void OnOrder(object message)
    {
        switch (message)
        {
            case StartFound start when !_isStarted:
                Start(start.LastId);
                break;
            case StartNotFound failed when !_isStarted:
                Context.GetLogger().Warning("The feed cannot begin: {0}", failed.Reason);
                Timers.StartSingleTimer(nameof(FindStart), FindStartNow.Instance, RetryInterval);
                break;
            case FindStartNow:
                FindStart();
                break;
            case FetchNow:
                Fetch();
                break;
            case Fetched fetched:
                OnFetched(fetched);
                break;
            case NotFetched failed:
                _isFetching = false;
                Context.GetLogger().Warning("Events could not be fetched: {0}", failed.Reason);
                FetchLater(RetryInterval);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(long lastId)
    {
        _isStarted = true;
        _highest = Math.Max(_highest, lastId);

        // What was told of meanwhile belongs to those who have listened meanwhile, even if it was committed before the end was read.
        _cursor = _ahead.Count == 0 ? lastId : Math.Min(lastId, _ahead.Keys.First() - 1);
        foreach (var subscription in _listeners.Values)
        {
            Confirm(subscription);
        }

        _awaitingStart.ForEach(asker => asker.Tell(new FeedState(_cursor), Self));
        _awaitingStart.Clear();
        DeliverAhead();
        if (_cursor < lastId)
        {
            FetchLater(options.GapPatience);
        }
    }

    private void Offer(SharingEvent happened)
    {
        _highest = Math.Max(_highest, happened.Id);
        if (!_isStarted || happened.Id > _cursor + 1)
        {
            if (_ahead.Count < MaxAhead)
            {
                _ahead.TryAdd(happened.Id, happened);
            }

            if (_isStarted)
            {
                FetchLater(options.GapPatience);
            }
        }
        else if (happened.Id == _cursor + 1)
        {
            DeliverNext(happened);
            DeliverAhead();
        }
    }

    private void DeliverNext(SharingEvent happened)
    {
        // First, so that an event which cannot be delivered is not tried for ever.
        _cursor = happened.Id;
        Deliver(happened);
    }

    private void DeliverAhead()
    {
        while (_ahead.Count > 0)
        {
            var (id, happened) = _ahead.First();
            if (id > _cursor + 1)
            {
                FetchLater(options.GapPatience);
                return;
            }

            _ahead.Remove(id);
            if (id == _cursor + 1)
            {
                DeliverNext(happened);
            }
        }
    }

    private void FetchLater(TimeSpan delay)
    {
        if (!_isFetching && !Timers.IsTimerActive(nameof(FetchLater)))
        {
            Timers.StartSingleTimer(nameof(FetchLater), FetchNow.Instance, delay);
        }
    }

    private void Fetch()
    {
        if (!_isStarted || _isFetching)
        {
            return;
        }

        // The gap may have closed while the timer ran; only other nodes' events come without being told of.
        if (options.PollInterval is not null || _ahead.Count > 0 || _cursor < _highest)
        {
            FetchPage();
        }
    }

    private void FetchPage()
    {
        _isFetching = true;
        _missingBefore = _ahead.Count == 0 ? 0 : _ahead.Keys.First();
        var after = _cursor;
        feed.ListAsync(after, options.Page, CancellationToken.None)
            .PipeTo(Self, success: events => new Fetched(after, events), failure: static exception => new NotFetched(exception.Message));
    }

    private void OnFetched(Fetched fetched)
    {
        _isFetching = false;
        if (fetched.After > _cursor)
        {
            return;
        }

        foreach (var happened in fetched.Events)
        {
            if (happened.Id > _cursor)
            {
                DeliverNext(happened);
            }
        }

        if (fetched.Events.Count == options.Page)
        {
            FetchPage();
            return;
        }

        // Whoever tells of an event has committed it. If the database has none before it, they were kept long enough and are deleted.
        if (_missingBefore > _cursor + 1)
        {
            _cursor = _missingBefore - 1;
        }

        DeliverAhead();
    }

    private sealed record StartFound(long LastId);

    private sealed record StartNotFound(string Reason);

    private sealed record Fetched(long After, IReadOnlyList<SharingEvent> Events);

    private sealed record NotFetched(string Reason);

    private sealed class FindStartNow
    {
        internal static FindStartNow Instance { get; } = new();
    }

    private sealed class FetchNow
    {
        internal static FetchNow Instance { get; } = new();
    }
}
