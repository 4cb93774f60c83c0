using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace PeerSync.Kernel;

/// <summary>An actor's mailbox, reference and context in one object; survives the restarts of its actor.</summary>
/// <remarks>
/// Akka.NET has an object for each of these. One object instead of three or four is most of what makes an idle actor cost some hundred bytes. The price: who
/// keeps a reference to a stopped actor keeps the emptied cell.
/// </remarks>
internal partial class ActorCell : Mailbox, IInternalActorRef, IUntypedActorContext
{
    private readonly ActorSystem _system;
    private readonly IInternalActorRef _parent;
    private readonly Props _props;
    private readonly MailboxBounds? _bounds;
    private readonly long _uid;
    private string? _name;
    private ActorBase? _actor;
    private ActorCellExtras? _extras;
    private object? _currentMessage;
    private IActorRef? _currentSender;
    private Flags _flags;
    private Lifecycle _lifecycle;
    private bool _creating;
    private bool _failed;
    private bool _subscribed;
    private int _awaitsTrim;

    /// <exception cref="ConfigurationException">The props name a mailbox that is not configured.</exception>
    public ActorCell(ActorSystem system, IInternalActorRef parent, Props props, string? name)
    {
        _system = system;
        _parent = parent;
        _props = props;
        _name = name;
        _uid = system.NextUid();
        if (name is not null)
        {
            _flags = Flags.Named;
        }

        if (props.Mailbox is { } mailbox && system.Settings.MailboxOf(mailbox) is BoundedMailbox bounded)
        {
            _bounds = new MailboxBounds(bounded);
        }
    }

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        HasReceiveTimeout = 1,
        HasFront = 2,
        CurrentStashed = 4,

        Named = 8,

        // The actor is event-sourced.
        Persistent = 16,

        // User messages are saved until the actor has recovered, or its events are written.
        Holding = 32,

        // What makes the processing of a message take the longer path.
        Extraordinary = HasReceiveTimeout | CurrentStashed | Persistent,
    }

    private enum Lifecycle : byte
    {
        New,
        Running,
        WaitingToRecreate,
        WaitingToTerminate,
        Terminated,
    }

    private enum BatchResult
    {
        Done,

        // The turn's share of messages is used up.
        More,

        // The next message is being written.
        Pending,
        Terminated,
    }

    public ActorPath Path => new(_parent.Path, _parent is ShardRegionCell ? Uri.EscapeDataString(Name) : Name, _uid);

    public ActorSystem System => _system;

    public IActorRef Self => this;

    public IActorRef Sender => _currentSender ?? _system.DeadLetters;

    public IActorRef Parent => _parent;

    public Props Props => _props;

    public bool IsTerminated => IsMailboxClosed;

    public Type ActorType => _props.Type;

    /// <summary>Links of <see cref="ChildrenContainer"/>, guarded by its lock.</summary>
    internal ActorCell? PreviousSibling { get; set; }

    /// <inheritdoc cref="PreviousSibling"/>
    internal ActorCell? NextSibling { get; set; }

    /// <summary>Guarded by the lock of <see cref="ChildrenContainer"/>.</summary>
    internal bool IsStoppedByParent { get; set; }

    internal string? GivenName => (_flags & Flags.Named) != 0 ? _name : null;

    internal string Name => _name ??= "$" + Base64Url.EncodeToString(BitConverter.GetBytes(_uid)).TrimEnd('A');

    internal ActorBase? Actor => _actor;

    internal object? CurrentMessage => _currentMessage;

    internal Envelope? CurrentEnvelope => _currentMessage is { } message ? new Envelope(message, _currentSender) : null;

    internal bool IsCurrentStashed
    {
        get => (_flags & Flags.CurrentStashed) != 0;
        set => _flags = value ? _flags | Flags.CurrentStashed : _flags & ~Flags.CurrentStashed;
    }

    protected sealed override QueueSegmentPool Segments => _system.Segments;

    private ActorCellExtras Extras => _extras ?? EnsureExtras();

    public virtual void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_bounds is not null && !TryEnterBounds(message, sender))
        {
            return;
        }

        Post(message, sender);
    }

    public void SendSystemMessage(SystemMessage message) => PostSystem(message);

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public sealed override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public int CompareTo(IActorRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 || other is not ActorCell cell ? byPath : _uid.CompareTo(cell._uid);
    }

    public override string ToString() => $"[{Path}#{_uid}]";

    /// <summary>Begins the actor's life; it is constructed in its own first turn.</summary>
    internal void Start() => ScheduleFirst();

    /// <summary>Tells a message of the kernel's own, which a full mailbox may not refuse.</summary>
    internal void TellAlways(object message, IActorRef? sender)
    {
        _bounds?.Enter();
        Post(message, sender);
    }

    /// <summary>Whether an actor is being constructed for this cell; true once per instance.</summary>
    internal bool TryTakeCreation()
    {
        var creating = _creating;
        _creating = false;
        return creating;
    }

    /// <summary>Notes that the event stream must be told when the actor ends.</summary>
    /// <returns>False when it has ended.</returns>
    internal bool TryMarkSubscribed()
    {
        Volatile.Write(ref _subscribed, true);
        Interlocked.MemoryBarrier();
        return !IsMailboxClosed;
    }

    internal void EnqueueFirst(IEnumerable<Envelope> envelopes)
    {
        var front = Extras.Front ??= new LinkedList<Envelope>();
        LinkedListNode<Envelope>? last = null;
        foreach (var envelope in envelopes)
        {
            last = last is null ? front.AddFirst(envelope) : front.AddAfter(last, envelope);
            _bounds?.Enter();
        }

        UpdateFront();
    }

    protected sealed override void RunTurn(DispatcherTurn.State state)
    {
        var outer = state.Cell;
        state.Cell = this;
        var throughput = _system.Settings.Throughput;
        var budget = throughput;
        var turn = default(TurnClock);
        BatchResult result;
        while (true)
        {
            try
            {
                result = RunBatch(ref budget);
            }
            catch (Exception exception)
            {
                HandleInvokeFailure(exception);
                continue;
            }

            // Short messages: going through the thread pool's queue would cost more than they do. Not while another actor waits in the slot.
            if (result != BatchResult.More || state.Next is not null || !turn.MayGoOn())
            {
                break;
            }

            budget = throughput;
        }

        // An idle actor keeps no message alive.
        _currentMessage = null;
        _currentSender = null;
        state.Cell = outer;
        if (result != BatchResult.Terminated)
        {
            EndTurn(hasMore: result != BatchResult.Done);
        }
    }

    protected override void OnDeadMessage(object message, IActorRef? sender)
    {
        // A dead letter that a subscriber cannot take is not one more dead letter: it would be told to the same subscriber without end.
        if (message is not (ActorTimer or AllDeadLetters) && _system.EventStream.HasSubscribers(typeof(DeadLetter)))
        {
            _system.EventStream.Publish(new DeadLetter(message, sender ?? _system.DeadLetters, this));
        }
    }

    protected sealed override void OnGrown()
    {
        if (Interlocked.Exchange(ref _awaitsTrim, 1) == 0)
        {
            _system.Trimmer.Add(this);
        }
    }

    /// <summary>Adds a message to the mailbox for a source that has a gate.</summary>
    internal EnqueueResult TryTell(object message, IActorRef? sender, MailboxGate gate)
    {
        if (_bounds is not null && !TryEnterBounds(message, sender))
        {
            return EnqueueResult.Enqueued;
        }

        var result = TryEnqueue(message, sender, gate);
        if (result == EnqueueResult.Enqueued)
        {
            ScheduleForMessage();
        }
        else
        {
            _bounds?.Leave();
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Post(object message, IActorRef? sender)
    {
        if (TryEnqueue(message, sender))
        {
            ScheduleForMessage();
        }
        else
        {
            OnDeadMessage(message, sender);
        }
    }

    private bool TryEnterBounds(object message, IActorRef? sender)
    {
        var bounds = _bounds!;
        if (bounds.TryEnter())
        {
            return true;
        }

        if (message is AllDeadLetters)
        {
            // The full mailbox is a subscriber's: what tells of this loss would be lost in the same way, without end.
            return false;
        }

        _system.EventStream.Publish(new Dropped(message, "the mailbox is full", sender ?? _system.DeadLetters, this));
        if (bounds.Type.Overflow == MailboxOverflow.Reject)
        {
            sender?.Tell(new Status.Failure(new MailboxFullException($"The mailbox of {Path} is full."), message), this);
        }

        return false;
    }

    private BatchResult RunBatch(ref int budget)
    {
        if (_lifecycle == Lifecycle.New)
        {
            Create();
        }

        while (true)
        {
            if (HasSystemMessages)
            {
                ProcessSystemMessages();
                if (_lifecycle == Lifecycle.Terminated)
                {
                    return BatchResult.Terminated;
                }
            }

            if (IsSuspended)
            {
                return BatchResult.Done;
            }

            if (budget-- <= 0)
            {
                return HasMessages || (_flags & Flags.HasFront) != 0 ? BatchResult.More : BatchResult.Done;
            }

            object message;
            IActorRef? sender;
            if ((_flags & Flags.HasFront) != 0)
            {
                (message, sender) = TakeFront();
            }
            else
            {
                var dequeued = TryDequeue(out message, out sender);
                if (dequeued != Dequeued.Message)
                {
                    return dequeued == Dequeued.Empty ? BatchResult.Done : BatchResult.Pending;
                }
            }

            _bounds?.Leave();
            Invoke(message, sender);
        }
    }

    private void Invoke(object message, IActorRef? sender)
    {
        _currentMessage = message;
        if (!ReferenceEquals(_currentSender, sender))
        {
            _currentSender = sender;
        }

        if ((_flags & Flags.Extraordinary) != 0)
        {
            InvokeExtraordinary(message);
        }
        else if (message is IAutoReceivedMessage)
        {
            AutoReceive(message);
        }
        else
        {
            Deliver(message);
        }
    }

    private void InvokeExtraordinary(object message)
    {
        _flags &= ~Flags.CurrentStashed;
        var counts = message is not INotInfluenceReceiveTimeout;
        if (counts)
        {
            _extras?.ReceiveTimeout?.Begin();
        }

        try
        {
            if ((_flags & Flags.Persistent) != 0)
            {
                InvokePersistent(message);
            }
            else if (message is IAutoReceivedMessage)
            {
                AutoReceive(message);
            }
            else
            {
                Deliver(message);
            }
        }
        finally
        {
            // A handler that has gone on asynchronously ends later.
            if (counts && _extras is { Operation: null } extras)
            {
                extras.ReceiveTimeout?.End();
            }
        }
    }

    private void Deliver(object message)
    {
        var behaviors = _extras?.Behaviors;
        var handled = behaviors is { Count: > 0 } ? behaviors[^1](message) : _actor!.Dispatch(message);
        if (!handled)
        {
            _actor!.InvokeUnhandled(message);
        }
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case ActorTimer timer:
                timer.Dequeued();
                if (_extras?.Timers?.TryIntercept(timer) == true)
                {
                    _currentMessage = timer.Message;
                    if (timer.Message is IAutoReceivedMessage inner)
                    {
                        AutoReceive(inner);
                    }
                    else
                    {
                        Deliver(timer.Message);
                    }
                }

                break;
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case PoisonPill:
                SendSystemMessage(new SystemMessages.Terminate());
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            default:
                Deliver(message);
                break;
        }
    }

    private Envelope TakeFront()
    {
        var extras = _extras!;
        Envelope envelope;
        if (extras.Persistence is { } persistence && persistence.TryTakeSignal(out var signal))
        {
            envelope = new Envelope(signal, null);
        }
        else if (extras.Front is { First: { } first } front)
        {
            front.RemoveFirst();
            envelope = first.Value;
        }
        else
        {
            envelope = extras.Persistence!.TakeSaved();
        }

        UpdateFront();
        return envelope;
    }

    /// <summary>Notes whether something is to be processed before the messages of the mailbox.</summary>
    private void UpdateFront()
    {
        var mayTakeMessages = (_flags & Flags.Holding) == 0;
        var hasFront = _extras is { } extras
            && (extras.Persistence?.HasSignals == true
                || (mayTakeMessages && (extras.Front is { Count: > 0 } || extras.Persistence?.HasSaved == true)));
        _flags = hasFront ? _flags | Flags.HasFront : _flags & ~Flags.HasFront;
    }

    private ActorCellExtras EnsureExtras()
    {
        var created = new ActorCellExtras();
        return Interlocked.CompareExchange(ref _extras, created, null) ?? created;
    }
}
