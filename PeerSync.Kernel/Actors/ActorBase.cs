namespace PeerSync.Kernel;

/// <summary>The base of all actors. One turn at a time: an actor's members are never run by two threads at once.</summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    /// <summary>Called by the kernel only: actors are created with <see cref="IActorRefFactory.ActorOf"/>.</summary>
    /// <exception cref="ActorInitializationException">The constructor was called by somebody else.</exception>
    protected ActorBase()
    {
        var cell = DispatcherTurn.CurrentCell;
        if (cell is null || !cell.TryTakeCreation())
        {
            throw new ActorInitializationException(null, $"You cannot create an instance of [{GetType().FullName}] explicitly; use ActorOf instead.");
        }

        _cell = cell;
    }

    /// <summary>The context of the actor whose turn it is on this thread.</summary>
    /// <exception cref="NotSupportedException">Used outside an actor's turn.</exception>
    protected static IActorContext Context => CurrentContext;

    /// <summary>This actor's reference. The only member that other threads may use.</summary>
    protected IActorRef Self => _cell;

    /// <summary>Who sent the message in process; the dead letters when nobody did.</summary>
    protected IActorRef Sender => _cell.Sender;

    internal static ActorCell CurrentContext =>
        DispatcherTurn.CurrentCell
        ?? throw new NotSupportedException("There is no active ActorContext; this is most likely due to use of async operations from within this actor.");

    internal ActorCell Cell => _cell;

    /// <summary>Handles a message.</summary>
    /// <returns>False when the actor does not know the message.</returns>
    protected abstract bool Receive(object message);

    internal bool Dispatch(object message) => Receive(message);

    internal void InvokeUnhandled(object message) => Unhandled(message);

    internal virtual void InvokePreStart() => PreStart();

    internal void InvokePostStop() => PostStop();

    internal void InvokePreRestart(Exception reason, object? message) => PreRestart(reason, message!);

    internal virtual void InvokePostRestart(Exception reason) => PostRestart(reason);

    internal SupervisorStrategy GetSupervisorStrategy() => SupervisorStrategy();

    /// <summary>Called for a message that <see cref="Receive"/> did not handle: publishes an <see cref="UnhandledMessage"/>.</summary>
    /// <exception cref="DeathPactException">The message is a <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Called in the first turn, before any message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called when the actor has stopped, after its children have.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Called on the failed instance before a restart: stops all children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">What the actor failed with.</param>
    /// <param name="message">The message in process; null when it failed in none.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the new instance after a restart: calls <see cref="PreStart"/>.</summary>
    /// <param name="reason">What the former instance failed with.</param>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Decides about failing children, unless the actor's props do.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Kernel.SupervisorStrategy.DefaultStrategy;

    /// <summary>Asks for a <see cref="ReceiveTimeout"/> whenever no message came for this long; null to end that.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);
}
