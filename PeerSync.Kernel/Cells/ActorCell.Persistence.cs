namespace PeerSync.Kernel;

// What an event-sourced actor needs of its cell: messages that are held back, and signals that overtake them.
internal partial class ActorCell
{
    internal IActorRef? CurrentSender => _currentSender;

    /// <summary>Whether an asynchronous handler is running.</summary>
    internal bool IsAwaiting => _extras?.Operation is not null;

    /// <summary>Holds user messages back, or lets them go again. They are kept through restarts.</summary>
    internal void Hold(bool hold)
    {
        var flags = hold ? _flags | Flags.Holding : _flags & ~Flags.Holding;
        if (flags != _flags)
        {
            _flags = flags;
            UpdateFront();
        }
    }

    /// <summary>Adds a signal that is processed before every message, though not while the actor is suspended.</summary>
    internal void EnqueueSignal(PersistenceSignal signal)
    {
        if (_lifecycle != Lifecycle.Running || !ReferenceEquals(signal.Owner, _actor))
        {
            return;
        }

        Extras.Persistence!.AddSignal(signal);
        _bounds?.Enter();
        UpdateFront();
    }

    /// <summary>Sets what handlers see as the message in process and its sender.</summary>
    internal void SetCurrent(object? message, IActorRef? sender)
    {
        _currentMessage = message;
        _currentSender = sender;
    }

    /// <summary>Asks for <see cref="Eventsourced.TryTrim"/> when some time has passed.</summary>
    internal void RequestTrim() => OnGrown();

    private void BeginPersistence(ActorBase actor)
    {
        _flags &= ~(Flags.Persistent | Flags.Holding);
        if (actor is Eventsourced)
        {
            Extras.Persistence ??= new PersistenceQueues();
            _flags |= Flags.Persistent | Flags.Holding;
        }

        UpdateFront();
    }

    private void InvokePersistent(object message)
    {
        if (message is PersistenceSignal signal)
        {
            _currentMessage = null;
            if (ReferenceEquals(signal.Owner, _actor))
            {
                signal.Run();
            }

            return;
        }

        if ((_flags & Flags.Holding) != 0 && message is not (PoisonPill or Kill))
        {
            _bounds?.Enter();
            if (_extras!.Persistence!.Save(new Envelope(message, _currentSender)) == PersistenceQueues.KeptCapacity + 1)
            {
                RequestTrim();
            }

            return;
        }

        var actor = (Eventsourced)_actor!;
        try
        {
            if (message is IAutoReceivedMessage)
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
            actor.EndCommand();
        }
    }
}
