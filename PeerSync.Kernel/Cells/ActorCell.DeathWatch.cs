namespace PeerSync.Kernel;

// Watching and being watched.
internal partial class ActorCell
{
    public IActorRef Watch(IActorRef subject) => Watch(subject, customMessage: null);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_extras is { } extras)
        {
            if (extras.Watching?.Remove(subject) == true)
            {
                ((IInternalActorRef)subject).SendSystemMessage(new SystemMessages.Unwatch(this));
            }

            extras.TerminatedQueued?.Remove(subject);
        }

        return subject;
    }

    protected sealed override void OnDeadSystemMessage(SystemMessage message)
    {
        if (message is SystemMessages.Watch watch)
        {
            watch.Watcher.SendSystemMessage(new SystemMessages.DeathWatchNotification(this, existenceConfirmed: false));
        }
    }

    /// <summary>Called in this cell's turn when a child has ended and its name is free again.</summary>
    protected virtual void OnChildTerminated(ActorCell child)
    {
    }

    private IActorRef Watch(IActorRef subject, object? customMessage)
    {
        if (subject is not IInternalActorRef internalRef)
        {
            throw new ArgumentException("This is not a reference to an actor of the kernel.", nameof(subject));
        }

        if (ReferenceEquals(subject, this))
        {
            return subject;
        }

        var watching = Extras.Watching ??= [];
        if (!watching.TryGetValue(subject, out var earlier))
        {
            watching.Add(subject, customMessage);
            internalRef.SendSystemMessage(new SystemMessages.Watch(internalRef, this));
        }
        else if (!Equals(earlier, customMessage))
        {
            throw new InvalidOperationException($"{subject} is already watched with another message; unwatch it first.");
        }

        return subject;
    }

    private void AddWatcher(IInternalActorRef watcher)
    {
        // The parent learns of each child's end anyway.
        if (!ReferenceEquals(watcher, _parent))
        {
            (Extras.WatchedBy ??= []).Add(watcher);
        }
    }

    private void HandleDeathWatchNotification(SystemMessages.DeathWatchNotification notification)
    {
        var actor = notification.Actor;
        if (_extras?.Watching?.Remove(actor, out var customMessage) == true && _lifecycle < Lifecycle.WaitingToTerminate)
        {
            (_extras.TerminatedQueued ??= [])[actor] = customMessage;
            TellAlways(new Terminated(actor, notification.ExistenceConfirmed, addressTerminated: false), actor);
        }

        if (actor is ActorCell child && ReferenceEquals(child._parent, this))
        {
            HandleChildTerminated(child);
        }
    }

    private void HandleChildTerminated(ActorCell child)
    {
        if (_extras?.Children is not { } children || !children.Remove(child))
        {
            return;
        }

        OnChildTerminated(child);
        if (_lifecycle == Lifecycle.WaitingToTerminate && children.IsEmpty)
        {
            FinishTerminate();
        }
        else if (_lifecycle == Lifecycle.WaitingToRecreate && !children.AnyStopping)
        {
            FinishRecreate(_extras.RecreateCause!);
        }
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Missing when the watch was taken back after the message was queued.
        if (_extras?.TerminatedQueued?.Remove(terminated.ActorRef, out var customMessage) == true)
        {
            _currentMessage = customMessage ?? terminated;
            Deliver(_currentMessage);
        }
    }

    private void TellWatchersWeDied(ActorCellExtras extras)
    {
        _parent.SendSystemMessage(new SystemMessages.DeathWatchNotification(this, existenceConfirmed: true));
        foreach (var watcher in extras.WatchedBy ?? [])
        {
            watcher.SendSystemMessage(new SystemMessages.DeathWatchNotification(this, existenceConfirmed: true));
        }

        foreach (var watched in extras.Watching?.Keys ?? Enumerable.Empty<IActorRef>())
        {
            ((IInternalActorRef)watched).SendSystemMessage(new SystemMessages.Unwatch(this));
        }
    }
}
