namespace PeerSync.Kernel;

/// <summary>The events of one instance of an actor on their way into the journal, and the handlers that wait for them.</summary>
/// <remarks>
/// <para>
/// One write at a time. While none is in progress a command's events go to the journal when the command ends; while one is, they gather and go together.
/// The list of waiting handlers has three parts: those whose events are written, those whose events are being written, the others.
/// </para>
/// <para>Events get their numbers when they go to the journal, so those that it rejects leave no gap.</para>
/// </remarks>
internal sealed class EventWriter : PersistenceSignal
{
    /// <summary>The most events in one write, unless more were given at once.</summary>
    public const int MaxBatch = 500;

    private const int KeptCapacity = 64;

    private readonly ActorCell _cell;
    private readonly AsyncWriteJournal _journal;
    private readonly string _persistenceId;
    private readonly string _writerGuid = Guid.NewGuid().ToString();
    private readonly Action _post;
    private readonly PendingHandlers _pending = new();
    private List<Persistent> _batch = [];
    private Task? _write;
    private bool _refused;
    private bool _failed;
    private long _highest;
    private int _written;
    private int _beingWritten;
    private int _unwrittenEvents;
    private int _groupsToWriteSingly;
    private int _stashing;

    public EventWriter(Eventsourced owner, AsyncWriteJournal journal, string persistenceId)
        : base(owner)
    {
        _cell = owner.Cell;
        _journal = journal;
        _persistenceId = persistenceId;
        _highest = owner.LastSequenceNr;
        _post = () => _cell.SendSystemMessage(this);
    }

    /// <summary>Whether commands have to wait.</summary>
    public bool IsStashing => _stashing > 0;

    public bool IsIdle => _pending.Count == 0;

    /// <summary>The write that is in progress; null when there is none.</summary>
    public Task? Unfinished => _write is { IsCompleted: false } ? _write : null;

    private bool HasFailed => _write is { IsCompleted: true, IsCompletedSuccessfully: false };

    public void Add(EventHandlerInvoker invoker, Delegate handler, object payload, PendingHandlerKind kind)
    {
        _pending.Add(new PendingHandler(invoker, handler, payload, _cell.CurrentSender, kind));
        if ((kind & PendingHandlerKind.Persisted) != 0)
        {
            _unwrittenEvents++;
        }

        if ((kind & PendingHandlerKind.Stashing) != 0)
        {
            _stashing++;
        }

        if (_pending.Count == KeptCapacity + 1)
        {
            _cell.RequestTrim();
        }
    }

    /// <summary>Hands what has gathered to the journal unless a write is in progress.</summary>
    public void Flush()
    {
        if (_write is not null || _unwrittenEvents == 0 || _failed)
        {
            return;
        }

        Gather();
        try
        {
            _write = _journal.WriteMessagesAsync(_batch);
        }
        catch (Exception exception)
        {
            _refused = true;
            _write = Task.FromException(exception);
        }

        if (_write.IsCompleted)
        {
            _post();
        }
        else
        {
            _write.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_post);
        }
    }

    public override void Run()
    {
        if (_failed)
        {
            return;
        }

        if (_write is { IsCompletedSuccessfully: true })
        {
            _write = null;
            _highest += _batch.Count;
            _batch.Clear();
            _written += _beingWritten;
            _beingWritten = 0;
            _groupsToWriteSingly = Math.Max(0, _groupsToWriteSingly - 1);

            // The journal works while the handlers run.
            Flush();
        }

        if (!RunHandlers())
        {
            return;
        }

        if (HasFailed)
        {
            HandleFailure();
        }

        Owner.EndCommand();
    }

    /// <summary>Gives up memory that is not needed; false when it is in use.</summary>
    public bool TryTrim()
    {
        if (!IsIdle)
        {
            return _pending.Capacity <= KeptCapacity;
        }

        _pending.Trim();
        _batch.Capacity = 0;
        return true;
    }

    private void Gather()
    {
        var timestamp = _cell.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var end = _written;
        var events = 0;
        for (var i = _written; i < _pending.Count; i++)
        {
            ref readonly var next = ref _pending[i];
            if (!next.IsPersisted)
            {
                continue;
            }

            if (_batch.Count >= MaxBatch && events > 0)
            {
                break;
            }

            _batch.Add(new Persistent(next.Payload, _highest + _batch.Count + 1, _persistenceId, _writerGuid, timestamp));
            if (next.EndsGroup)
            {
                end = i + 1;
                events = _batch.Count;
                if (_groupsToWriteSingly > 0)
                {
                    break;
                }
            }
        }

        // A group that would not fit as a whole has to wait.
        _batch.RemoveRange(events, _batch.Count - events);
        _beingWritten = end - _written;
        _unwrittenEvents -= events;
    }

    /// <summary>Runs the handlers that need not wait any longer.</summary>
    /// <returns>False when one of them goes on asynchronously: the rest follows when it has ended.</returns>
    private bool RunHandlers()
    {
        while (_pending.Count > 0 && (_written > 0 || !_pending[0].IsPersisted))
        {
            var handler = RemoveFirst();
            if (handler.IsPersisted)
            {
                Owner.LastSequenceNr++;
            }

            _cell.SetCurrent(null, handler.Sender);
            try
            {
                handler.Invoker.Invoke(_cell, handler.Handler, handler.Payload);
            }
            catch
            {
                // Should the supervisor decide that the actor goes on, so do the handlers.
                _cell.SetCurrent(EventHandlerInvoker.Plain(handler.Payload), handler.Sender);
                _cell.EnqueueSignal(this);
                throw;
            }

            if (_cell.IsAwaiting)
            {
                _cell.EnqueueSignal(this);
                return false;
            }
        }

        return true;
    }

    private PendingHandler RemoveFirst()
    {
        var handler = _pending.RemoveFirst();
        if (_written > 0)
        {
            _written--;
        }
        else if (_beingWritten > 0)
        {
            _beingWritten--;
        }

        if (handler.IsStashing)
        {
            _stashing--;
        }

        return handler;
    }

    private void HandleFailure()
    {
        var cause = _write!.Exception?.InnerException ?? new TaskCanceledException(_write);
        var rejected = _refused || cause is ArgumentException;
        var groups = 0;
        for (var i = 0; i < _beingWritten; i++)
        {
            groups += _pending[i].EndsGroup ? 1 : 0;
        }

        _refused = false;
        if (!rejected)
        {
            _failed = true;
            _cell.SetCurrent(null, _pending[0].Sender);
            Owner.FailPersist(cause, EventHandlerInvoker.Plain(_pending[0].Payload), _highest + 1);
            return;
        }

        _write = null;
        if (groups > 1)
        {
            // Only what cannot be written is to be rejected, not what happened to go with it.
            _groupsToWriteSingly = groups;
            _unwrittenEvents += _batch.Count;
            _beingWritten = 0;
            _batch = [];
            return;
        }

        _groupsToWriteSingly = Math.Max(0, _groupsToWriteSingly - 1);
        Reject(cause);
    }

    private void Reject(Exception cause)
    {
        var rejected = new PendingHandler[_batch.Count];
        for (var i = 0; i < rejected.Length; i++)
        {
            rejected[i] = RemoveFirst();
        }

        _batch = [];
        _beingWritten = 0;
        _cell.EnqueueSignal(this);
        var sequenceNr = _highest;
        foreach (var (_, _, payload, sender, _) in rejected)
        {
            _cell.SetCurrent(null, sender);
            Owner.InvokePersistRejected(cause, EventHandlerInvoker.Plain(payload), ++sequenceNr);
        }
    }
}
