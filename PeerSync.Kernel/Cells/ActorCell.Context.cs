namespace PeerSync.Kernel;

// What an actor can ask of its context.
internal partial class ActorCell
{
    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout?.Timeout;

    public IActorRef ActorOf(Props props, string? name = null)
    {
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(
                name.Length == 0 ? "Actor name must not be empty." : $"Illegal actor name [{name}]. See the rules at ActorPath.IsValidPathElement.");
        }

        return CreateChild(props, name);
    }

    public void Stop(IActorRef actor)
    {
        if (actor is not IInternalActorRef internalRef)
        {
            throw new ArgumentException("This is not a reference to an actor of the kernel.", nameof(actor));
        }

        if (actor is ActorCell child && ReferenceEquals(child._parent, this))
        {
            _extras?.Children?.MarkStopping(child);
        }

        internalRef.SendSystemMessage(new SystemMessages.Terminate());
    }

    public IActorRef Child(string name) => (IActorRef?)_extras?.Children?.Find(name) ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => ChildCells();

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        var behaviors = Extras.Behaviors ??= new List<Receive>(1);
        if (behaviors.Count == 0)
        {
            behaviors.Add(receive);
        }
        else
        {
            behaviors[^1] = receive;
        }
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (Extras.Behaviors ??= new List<Receive>(1)).Add(receive);
    }

    public void UnbecomeStacked()
    {
        if (_extras?.Behaviors is { Count: > 0 } behaviors)
        {
            behaviors.RemoveAt(behaviors.Count - 1);
        }
    }

    public void Become(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        Become(Handle(receive));
    }

    public void BecomeStacked(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        BecomeStacked(Handle(receive));
    }

    public void SetReceiveTimeout(TimeSpan? receiveTimeout)
    {
        if (receiveTimeout is { } timeout)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, nameof(receiveTimeout));
            var extras = Extras;
            extras.ReceiveTimeout?.Dispose();
            extras.ReceiveTimeout = new ReceiveTimeoutTimer(this, timeout);

            extras.ReceiveTimeout.End();
            _flags |= Flags.HasReceiveTimeout;
        }
        else if (_extras?.ReceiveTimeout is { } running)
        {
            running.Dispose();
            _extras.ReceiveTimeout = null;
            _flags &= ~Flags.HasReceiveTimeout;
        }
    }

    internal ActorCell[] ChildCells() => _extras?.Children?.Snapshot() ?? [];

    internal ChildRestartStats RestartStatsOf(ActorCell child) => EnsureChildren().RestartStatsOf(child);

    /// <summary>Creates a child with a name that was checked.</summary>
    /// <param name="props">How to create it.</param>
    /// <param name="name">Its name; made up when null.</param>
    /// <param name="register">Whether it can be found by its name, which then must be unique.</param>
    protected ActorCell CreateChild(Props props, string? name, bool register = true)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (_lifecycle is Lifecycle.Terminated or Lifecycle.WaitingToTerminate)
        {
            throw new InvalidOperationException("Cannot create child while terminating or terminated.");
        }

        var child = new ActorCell(_system, this, props, name);
        EnsureChildren().Add(child, register ? name : null);
        child.Start();
        return child;
    }

    /// <summary>Makes the container early, for cells that get children from other threads: those must find it closed once the cell has ended.</summary>
    protected ChildrenContainer EnsureChildren()
    {
        var extras = Extras;
        var children = Volatile.Read(ref extras.Children);
        if (children is null)
        {
            var created = new ChildrenContainer();
            children = Interlocked.CompareExchange(ref extras.Children, created, null) ?? created;
        }

        return children;
    }

    private static Receive Handle(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
