using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>Recovers one instance of an actor: permit, snapshot, events page by page. One step at a time, each ending in the actor's turn.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed when the recovery ends, which it always does.")]
internal sealed class EventRecovery : PersistenceSignal
{
    // Bounds what a recovery holds in memory.
    private const int PageSize = 500;

    // A page is one turn's share of messages: others get theirs in between.
    private const int EventsPerMessage = 8;

    private readonly ActorCell _cell;
    private readonly Persistence _persistence;
    private readonly AsyncWriteJournal _journal;
    private readonly SnapshotStore? _snapshotStore;
    private readonly Recovery _recovery;
    private readonly string _persistenceId;
    private readonly TimeSpan _timeout;
    private LinkedListNode<EventRecovery>? _place;
    private CancellationTokenSource? _cancellation;
    private Step _step;
    private Task? _task;
    private List<Persistent>? _page;
    private int _applied;
    private long _pageMax;
    private long _remaining;
    private long _from;
    private long _to;
    private long _highest;

    /// <exception cref="ConfigurationException">The system has no journal.</exception>
    public EventRecovery(Eventsourced owner, string persistenceId, Recovery recovery)
        : base(owner)
    {
        _cell = owner.Cell;
        _persistenceId = persistenceId;
        _recovery = recovery;
        _timeout = _cell.System.Settings.RecoveryEventTimeout;
        _persistence = Persistence.Get(_cell.System);
        (_journal, _snapshotStore) = _persistence.Open();
    }

    private enum Step
    {
        Permit,
        EarlierWrites,
        Snapshot,
        HighestSequenceNr,
        Replay,
        Apply,
        Ended,
    }

    public void Start()
    {
        if (_persistence.Permits.TryTake(this, out _place))
        {
            AwaitEarlierWrites();
        }
    }

    /// <summary>Gives up because the actor ends.</summary>
    public void Abandon()
    {
        switch (_step)
        {
            case Step.Permit:
                _step = Step.Ended;
                _persistence.Permits.Leave(_place!);
                break;
            case not Step.Ended:
                _cancellation!.Cancel();
                End();
                break;
        }
    }

    /// <summary>Sends this signal. Any thread.</summary>
    public void Post() => _cell.SendSystemMessage(this);

    public override void Run()
    {
        var task = _task;
        if (task is not null)
        {
            _task = null;
            _cancellation!.CancelAfter(Timeout.InfiniteTimeSpan);
            if (_cancellation.IsCancellationRequested || (_step != Step.EarlierWrites && !task.IsCompletedSuccessfully))
            {
                Fail(task.Exception?.InnerException ?? new TaskCanceledException(task), null);
                return;
            }
        }

        switch (_step)
        {
            case Step.Permit:
                AwaitEarlierWrites();
                break;
            case Step.EarlierWrites:
                LoadSnapshot();
                break;
            case Step.Snapshot:
                OfferSnapshot(((Task<SelectedSnapshot?>)task!).Result);
                break;
            case Step.HighestSequenceNr:
                StartReplay(((Task<long>)task!).Result);
                break;
            case Step.Replay or Step.Apply:
                ApplyEvents();
                break;
        }
    }

    private void AwaitEarlierWrites()
    {
        _cancellation = new CancellationTokenSource(_timeout, _cell.System.TimeProvider);
        _cancellation.Token.UnsafeRegister(static state => ((EventRecovery)state!).PostTimeout(), this);
        var writes = _persistence.UnfinishedWrites(_persistenceId);
        if (writes.IsCompleted)
        {
            LoadSnapshot();
        }
        else
        {
            Await(Step.EarlierWrites, writes);
        }
    }

    private void LoadSnapshot()
    {
        var criteria = _recovery.FromSnapshot;
        if (_snapshotStore is null || criteria == SnapshotSelectionCriteria.None)
        {
            ReadHighestSequenceNr();
            return;
        }

        criteria = criteria with { MaxSequenceNr = Math.Min(criteria.MaxSequenceNr, _recovery.ToSequenceNr) };
        Await(Step.Snapshot, Try(() => _snapshotStore.LoadAsync(_persistenceId, criteria, _cancellation!.Token)));
    }

    private void OfferSnapshot(SelectedSnapshot? snapshot)
    {
        if (snapshot is not null && !Apply(snapshot.Metadata.SequenceNr, new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot), snapshot))
        {
            return;
        }

        ReadHighestSequenceNr();
    }

    // Before the events: whatever is written after this number meets the journal's refusal of a number that is taken.
    private void ReadHighestSequenceNr() => Await(
        Step.HighestSequenceNr,
        Try(() => _journal.ReadHighestSequenceNrAsync(_persistenceId, Owner.LastSequenceNr, _cancellation!.Token)));

    private void StartReplay(long highest)
    {
        _highest = highest;
        _from = Owner.LastSequenceNr + 1;
        _to = Math.Min(highest, _recovery.ToSequenceNr);
        _remaining = _recovery.ReplayMax;
        ReadPage();
    }

    private void ReadPage()
    {
        if (_from > _to || _remaining <= 0)
        {
            Complete();
            return;
        }

        // A new one each time: a journal that was too late may still add to the former.
        var page = new List<Persistent>();
        _page = page;
        _applied = 0;
        _pageMax = Math.Min(PageSize, _remaining);
        Await(
            Step.Replay,
            Try(() => _journal.ReplayMessagesAsync(_persistenceId, _from, _to, _pageMax, page.Add, _cancellation!.Token)));
    }

    private void ApplyEvents()
    {
        _step = Step.Apply;
        var page = _page!;
        for (var i = 0; i < EventsPerMessage && _applied < page.Count; i++)
        {
            var persistent = page[_applied++];
            if (!Apply(persistent.SequenceNr, EventHandlerInvoker.Plain(persistent.Payload), null))
            {
                return;
            }
        }

        if (_applied < page.Count)
        {
            _cell.EnqueueSignal(this);
            return;
        }

        _remaining -= page.Count;
        if (page.Count < _pageMax)
        {
            Complete();
            return;
        }

        _from = page[^1].SequenceNr + 1;
        ReadPage();
    }

    /// <summary>Has the actor handle an event or a snapshot.</summary>
    /// <returns>False when that failed, and the recovery with it.</returns>
    private bool Apply(long sequenceNr, object message, SelectedSnapshot? snapshot)
    {
        var before = Owner.LastSequenceNr;
        Owner.LastSequenceNr = sequenceNr;
        _cell.SetCurrent(message, null);
        try
        {
            if (!Owner.InvokeReceiveRecover(message) && snapshot is not null)
            {
                // Nobody wants it, so the events that it stands for are replayed.
                Owner.LastSequenceNr = before;
            }

            return true;
        }
        catch (Exception exception)
        {
            Fail(exception, message);
            return false;
        }
    }

    private void Complete()
    {
        End();
        Owner.CompleteRecovery(Math.Max(_highest, Owner.LastSequenceNr));
    }

    private void Fail(Exception cause, object? message)
    {
        if (_cancellation!.IsCancellationRequested)
        {
            cause = new RecoveryTimedOutException($"Recovery timed out: nothing came from the journal or the snapshot store within {_timeout}.", cause);
        }

        End();
        Owner.FailRecovery(cause, message);
    }

    private void End()
    {
        if (_step != Step.Ended)
        {
            _step = Step.Ended;
            _task = null;
            _page = null;
            _cancellation?.Dispose();
            _persistence.Permits.Return();
        }
    }

    private void Await(Step step, Task task)
    {
        _step = step;
        _task = task;
        if (task.IsCompleted)
        {
            Post();
            return;
        }

        _cancellation!.CancelAfter(_timeout);
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Post);
    }

    private static Task Try(Func<Task> start)
    {
        try
        {
            return start();
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private void PostTimeout() => _cell.SendSystemMessage(new TimedOut(this));

    /// <summary>What was waited for takes too long, and perhaps does not heed its cancellation.</summary>
    private sealed class TimedOut(EventRecovery recovery) : PersistenceSignal(recovery.Owner)
    {
        public override void Run()
        {
            if (recovery._task is { IsCompleted: false })
            {
                recovery.Fail(new OperationCanceledException(), null);
            }
        }
    }
}
