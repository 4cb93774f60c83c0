namespace PeerSync.Kernel;

/// <summary>A persistent actor that handles its commands in one method and what it recovers in another.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    protected static new IUntypedActorContext Context => CurrentContext;

    /// <summary>Runs an asynchronous handler: no other message is processed until its task ends, and its continuations run in the actor's turns.</summary>
    /// <remarks>What it persists is written when it has ended.</remarks>
    /// <exception cref="InvalidOperationException">Called outside the actor's turn, or inside another asynchronous handler.</exception>
    protected static void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        CurrentContext.RunTask(static (state, _) => ((Func<Task>)state)(), action, action);
    }

    /// <inheritdoc />
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc />
    protected override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Handles a command; calls <see cref="ActorBase.Unhandled"/> for one that it does not know.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles an event that is replayed, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnRecover(object message);

    /// <summary>Replaces the current behaviour.</summary>
    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    /// <summary>Puts a behaviour on top of the current one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);

    /// <summary>Returns to the behaviour under the current one; does nothing at the bottom.</summary>
    protected void UnbecomeStacked() => Cell.UnbecomeStacked();
}
