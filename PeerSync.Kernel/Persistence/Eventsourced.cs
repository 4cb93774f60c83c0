namespace PeerSync.Kernel;

/// <summary>The base of persistent actors: their state is what their events say, and is rebuilt from them at each start and restart.</summary>
/// <remarks>
/// <para>
/// Commands wait while the actor recovers, and while a handler of <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/> has not run.
/// A handler runs when its event is
/// durable. When an event cannot be written the actor stops: its next incarnation recovers what was written.
/// </para>
/// <para><see cref="PoisonPill"/> does not wait: commands that do are lost with it. Where that matters, stop the actor with a message of its own.</para>
/// </remarks>
public abstract partial class Eventsourced : ActorBase, IWithStash
{
    private EventRecovery? _recovery;
    private EventWriter? _writer;
    private string _startedId = "";
    private bool _hasRecovered;

    private protected Eventsourced()
    {
    }

    /// <summary>Names the actor's events among those of all actors, for ever. Read once per start, and whenever the actor asks.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>How far to recover. Read once per start.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The number of the last event that was handled or replayed; 0 before the first.</summary>
    public long LastSequenceNr { get; internal set; }

    /// <summary>The number that a snapshot taken at this moment gets.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>The id under which snapshots are kept.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>Whether events are being replayed, or the actor waits for that.</summary>
    public bool IsRecovering => !_hasRecovered;

    /// <summary>Whether events may be persisted.</summary>
    public bool IsRecoveryFinished => _hasRecovered;

    /// <summary>The actor's own stash; the messages that wait for events are kept elsewhere.</summary>
    public IStash Stash { get; set; } = null!;

    /// <summary>A log that publishes to the event stream under the actor's path.</summary>
    protected ILoggingAdapter Log => Cell.GetLogger();

    internal override void InvokePreStart()
    {
        StartRecovery();
        base.InvokePreStart();
    }

    internal override void InvokePostRestart(Exception reason)
    {
        StartRecovery();
        base.InvokePostRestart(reason);
    }

    internal bool InvokeReceiveRecover(object message)
    {
        if (ReceiveRecover(message))
        {
            return true;
        }

        Unhandled(message);
        return false;
    }

    internal void CompleteRecovery(long highestSequenceNr)
    {
        _recovery = null;
        LastSequenceNr = highestSequenceNr;
        try
        {
            OnReplaySuccess();
            _hasRecovered = true;
            Cell.SetCurrent(RecoveryCompleted.Instance, null);
            InvokeReceiveRecover(RecoveryCompleted.Instance);
        }
        finally
        {
            // Whatever the supervisor makes of a failure here: the events are replayed.
            _hasRecovered = true;
            EndCommand();
        }
    }

    internal void FailRecovery(Exception cause, object? message)
    {
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Cell.Stop(Cell);
        }
    }

    internal void FailPersist(Exception cause, object @event, long sequenceNr)
    {
        try
        {
            OnPersistFailure(cause, @event, sequenceNr);
        }
        finally
        {
            Cell.Stop(Cell);
        }
    }

    internal void InvokePersistRejected(Exception cause, object @event, long sequenceNr) => OnPersistRejected(cause, @event, sequenceNr);

    /// <summary>A command has been handled: what it persisted is written, and the next may have to wait for that.</summary>
    internal void EndCommand()
    {
        if (_hasRecovered && !Cell.IsAwaiting)
        {
            _writer?.Flush();
            Cell.Hold(_writer?.IsStashing == true);
        }
    }

    /// <summary>This instance handles no more messages.</summary>
    internal void EndInstance()
    {
        _recovery?.Abandon();
        if (_writer?.Unfinished is { } write)
        {
            Persistence.Get(Cell.System).AddUnfinishedWrite(_startedId, write);
        }
    }

    internal bool TryTrim() => _writer?.TryTrim() != false;

    /// <inheritdoc />
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    /// <summary>Handles a command.</summary>
    /// <returns>False when the actor does not know it.</returns>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Handles an event that is replayed, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</summary>
    /// <returns>False when the actor does not know it. A snapshot that is not known is passed over, and the events before it are replayed.</returns>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Called when all events have been replayed, before <see cref="RecoveryCompleted"/>.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Called when recovery has failed: logs. The actor stops then.</summary>
    /// <param name="reason">What failed.</param>
    /// <param name="message">The event or snapshot that could not be handled; null when none could be read.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
        {
            Log.Error(reason, "Recovery of [{0}] failed after sequence number [{1}].", _startedId, LastSequenceNr);
        }
        else
        {
            Log.Error(reason, "Recovery of [{0}] failed at a {1} of sequence number [{2}].", _startedId, message.GetType(), LastSequenceNr);
        }
    }

    /// <summary>Called when an event could not be written, or not in time: logs. The actor stops then;
    /// whether the event was written its recovery will tell.</summary>
    /// <param name="cause">What failed; <see cref="JournalConflictException"/> when another incarnation has gone on.</param>
    /// <param name="event">The first event that is concerned.</param>
    /// <param name="sequenceNr">Its number.</param>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "An event of type [{0}] with sequence number [{1}] of [{2}] was not persisted.", @event?.GetType(), sequenceNr, _startedId);

    /// <summary>Called when the journal cannot write an event: logs. Nothing was written, the handler does not run, and the actor goes on.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="event">The event.</param>
    /// <param name="sequenceNr">The number that it would have got.</param>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "An event of type [{0}] with sequence number [{1}] of [{2}] was rejected.", @event?.GetType(), sequenceNr, _startedId);

    /// <inheritdoc />
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                break;
            case SaveSnapshotFailure failure:
                Log.Warning(failure.Cause, "A snapshot of [{0}] with sequence number [{1}] was not saved.", _startedId, failure.Metadata.SequenceNr);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning(failure.Cause, "The snapshot of [{0}] with sequence number [{1}] was not deleted.", _startedId, failure.Metadata.SequenceNr);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning(failure.Cause, "Snapshots of [{0}] were not deleted.", _startedId);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning(failure.Cause, "Events of [{0}] to sequence number [{1}] were not deleted.", _startedId, failure.ToSequenceNr);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private void StartRecovery()
    {
        var id = PersistenceId;
        if (string.IsNullOrEmpty(id))
        {
            throw new ArgumentException($"The PersistenceId of [{GetType()}] is null or empty.");
        }

        _startedId = id;
        _recovery = new EventRecovery(this, id, Recovery);
        _recovery.Start();
    }
}
