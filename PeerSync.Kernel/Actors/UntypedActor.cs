namespace PeerSync.Kernel;

/// <summary>An actor that handles its messages in one method: the cheapest kind, in memory and in time.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    protected static new IUntypedActorContext Context => CurrentContext;

    /// <summary>Runs an asynchronous handler: no other message is processed until its task ends, and its continuations run in the actor's turns.</summary>
    /// <exception cref="InvalidOperationException">Called outside the actor's turn, or inside another asynchronous handler.</exception>
    protected static void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        CurrentContext.RunTask(static (state, _) => ((Func<Task>)state)(), action, action);
    }

    /// <inheritdoc />
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; calls <see cref="ActorBase.Unhandled"/> for one that it does not know.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the current behaviour.</summary>
    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    /// <summary>Puts a behaviour on top of the current one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);

    /// <summary>Returns to the behaviour under the current one; does nothing at the bottom.</summary>
    protected void UnbecomeStacked() => Cell.UnbecomeStacked();
}
