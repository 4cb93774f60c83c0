namespace PeerSync.Kernel;

// Creating, failing, restarting and stopping. Method names and order of steps are those of Akka's FaultHandling.
internal partial class ActorCell
{
    private SupervisorStrategy Strategy => _props.SupervisorStrategy ?? _actor?.GetSupervisorStrategy() ?? SupervisorStrategy.DefaultStrategy;

    private void ProcessSystemMessages()
    {
        _currentMessage = null;
        _currentSender = null;
        var next = TakeSystemMessages();
        while (next is not null)
        {
            var message = next;
            next = message.Next;
            message.Next = null;
            if (_lifecycle == Lifecycle.Terminated)
            {
                OnDeadSystemMessage(message);
                continue;
            }

            try
            {
                SystemInvoke(message);
            }
            catch (Exception exception)
            {
                HandleInvokeFailure(exception);
            }
        }
    }

    private void SystemInvoke(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessages.ActorTask task:
                RunContinuation(task);
                break;
            case SystemMessages.ActorTaskCompleted completed:
                CompleteTask(completed.Operation);
                break;
            case SystemMessages.DeathWatchNotification notification:
                HandleDeathWatchNotification(notification);
                break;
            case SystemMessages.Watch watch:
                AddWatcher(watch.Watcher);
                break;
            case SystemMessages.Unwatch unwatch:
                _extras?.WatchedBy?.Remove(unwatch.Watcher);
                break;
            case SystemMessages.Failed failed:
                HandleFailed(failed);
                break;
            case SystemMessages.Terminate:
                Terminate();
                break;
            case SystemMessages.Suspend:
                Suspend();
                SuspendChildren(except: null);
                break;
            case SystemMessages.Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case SystemMessages.Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case SystemMessages.TrimMailbox:
                Trim();
                break;
            case PersistenceSignal signal:
                EnqueueSignal(signal);
                break;
            default:
                throw new InvalidOperationException($"Unknown system message {message.GetType()}.");
        }
    }

    private void Create()
    {
        _lifecycle = Lifecycle.Running;
        try
        {
            _actor = NewActor();
            _actor.InvokePreStart();
        }
        catch (Exception exception)
        {
            ReleaseActor();
            throw new ActorInitializationException(this, $"Exception during creation of {Path}", exception);
        }
    }

    private ActorBase NewActor()
    {
        _creating = true;
        ActorBase actor;
        try
        {
            actor = _props.NewActor();
        }
        catch (System.Reflection.TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw inner;
        }
        finally
        {
            _creating = false;
        }

        if (actor is null || !ReferenceEquals(actor.Cell, this))
        {
            throw new ActorInitializationException(this, "The producer must return a new instance for each actor.");
        }

        if (actor is ReceiveActor receiveActor)
        {
            receiveActor.EndConstruction();
        }
        else if (actor is ReceivePersistentActor persistentActor)
        {
            persistentActor.EndConstruction();
        }

        BeginPersistence(actor);

        if (actor is IWithTimers withTimers)
        {
            withTimers.Timers = Extras.Timers = new TimerScheduler(this);
        }

        if (actor is IActorStash withStash)
        {
            withStash.Stash = Extras.Stash = new ActorStash(this, _props.StashCapacity ?? _system.Settings.StashCapacity);
        }

        return actor;
    }

    /// <summary>Takes leave of an instance: its timers end and what it stashed goes back into the mailbox.</summary>
    private void ReleaseActor()
    {
        if (_extras is { } extras)
        {
            extras.Timers?.CancelAll();
            extras.Stash?.UnstashAll();
            extras.Behaviors = null;
            extras.Timers = null;
            extras.Stash = null;
        }

        if (_actor is { } actor)
        {
            (actor as Eventsourced)?.EndInstance();
            _actor = null;
            try
            {
                _props.Release(actor);
            }
            catch (Exception exception)
            {
                PublishError(exception, "Release failed");
            }
        }
    }

    private void HandleInvokeFailure(Exception cause)
    {
        if (_lifecycle == Lifecycle.Terminated || _failed)
        {
            return;
        }

        _failed = true;
        var extras = Extras;
        extras.FailedMessage = _currentMessage;
        Suspend();
        SuspendChildren(extras.Perpetrator);
        _parent.SendSystemMessage(new SystemMessages.Failed(this, cause, _currentMessage));
    }

    private void HandleFailed(SystemMessages.Failed failed)
    {
        var child = failed.Child;
        if (_extras?.Children?.IsChild(child) != true)
        {
            return;
        }

        if (!Strategy.HandleFailure(this, child, failed.Cause))
        {
            // Not thrown again, which would cost the stack trace of where it happened.
            if (!_failed)
            {
                _extras.Perpetrator = child;
            }

            HandleInvokeFailure(failed.Cause);
        }
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null && causedByFailure is not null)
        {
            // Nothing was ever created that could go on.
            FaultRecreate(causedByFailure);
            return;
        }

        Resume();
        var perpetrator = _extras?.Perpetrator;
        if (causedByFailure is not null)
        {
            ClearFailure();
        }

        foreach (var child in ChildCells())
        {
            child.SendSystemMessage(new SystemMessages.Resume(ReferenceEquals(child, perpetrator) ? causedByFailure : null));
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_lifecycle == Lifecycle.WaitingToTerminate)
        {
            return;
        }

        if (_lifecycle == Lifecycle.WaitingToRecreate)
        {
            // The instance to come serves this restart too; only its suspension has to be taken back.
            Resume();
            return;
        }

        CancelOperation();
        if (_actor is { } failed)
        {
            try
            {
                failed.InvokePreRestart(cause, _extras?.FailedMessage);
            }
            catch (Exception exception)
            {
                PublishError(exception, "PreRestart failed");
            }

            ReleaseActor();
        }
        else
        {
            foreach (var child in ChildCells())
            {
                Stop(child);
            }
        }

        if (_extras?.Children?.AnyStopping == true)
        {
            _lifecycle = Lifecycle.WaitingToRecreate;
            _extras.RecreateCause = cause;
        }
        else
        {
            FinishRecreate(cause);
        }
    }

    private void FinishRecreate(Exception cause)
    {
        _lifecycle = Lifecycle.Running;
        if (_extras is { } extras)
        {
            extras.RecreateCause = null;
        }

        ClearFailure();
        Resume();
        var survivors = ChildCells();
        try
        {
            _actor = NewActor();
            _actor.InvokePostRestart(cause);
            foreach (var survivor in survivors)
            {
                survivor.SendSystemMessage(new SystemMessages.Recreate(cause));
            }
        }
        catch (Exception exception)
        {
            ReleaseActor();
            HandleInvokeFailure(new PostRestartException(this, exception, cause));
        }
    }

    private void Terminate()
    {
        if (_lifecycle >= Lifecycle.WaitingToTerminate)
        {
            return;
        }

        SetReceiveTimeout(null);
        CancelOperation();
        if (_extras?.Children is { } children)
        {
            children.Close();
            foreach (var child in children.Snapshot())
            {
                Stop(child);
            }

            if (!children.IsEmpty)
            {
                _lifecycle = Lifecycle.WaitingToTerminate;
                Suspend();
                return;
            }
        }

        FinishTerminate();
    }

    private void FinishTerminate()
    {
        _lifecycle = Lifecycle.Terminated;
        try
        {
            _actor?.InvokePostStop();
        }
        catch (Exception exception)
        {
            PublishError(exception, "PostStop failed");
        }

        ReleaseActor();
        foreach (var (message, sender) in _extras?.Front ?? Enumerable.Empty<Envelope>())
        {
            OnDeadMessage(message, sender);
        }

        while (_extras?.Persistence is { HasSaved: true } persistence)
        {
            var (message, sender) = persistence.TakeSaved();
            OnDeadMessage(message, sender);
        }

        CloseMailbox();
        if (Volatile.Read(ref _subscribed))
        {
            _system.EventStream.Unsubscribe(this);
        }

        if (_extras is { } extras)
        {
            extras.ReceiveTimeout?.Dispose();
            TellWatchersWeDied(extras);

            // The container stays where there is one: threads outside must find it closed.
            _extras = extras.Children is null ? null : new ActorCellExtras { Children = extras.Children };
        }
        else
        {
            _parent.SendSystemMessage(new SystemMessages.DeathWatchNotification(this, existenceConfirmed: true));
        }
    }

    private void SuspendChildren(ActorCell? except)
    {
        foreach (var child in ChildCells())
        {
            if (!ReferenceEquals(child, except))
            {
                child.SendSystemMessage(new SystemMessages.Suspend());
            }
        }
    }

    private void ClearFailure()
    {
        _failed = false;
        if (_extras is { } extras)
        {
            extras.Perpetrator = null;
            extras.FailedMessage = null;
        }
    }

    private void Trim()
    {
        var trimmed = TryShrink();
        if (_actor is Eventsourced eventsourced)
        {
            trimmed &= eventsourced.TryTrim() && _extras!.Persistence!.TryTrim();
        }

        if (trimmed)
        {
            Volatile.Write(ref _awaitsTrim, 0);
        }
        else
        {
            _system.Trimmer.Add(this);
        }
    }

    private void PublishError(Exception cause, string message) => _system.Publish(new Error(cause, Path.ToString(), ActorType, message));
}
