namespace PeerSync.Kernel;

/// <summary>Tells with the actor as sender whose turn it is on this thread.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells a message, with the actor whose turn it is on this thread as sender, or nobody.</summary>
    public static void Tell(this IActorRef receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, DispatcherTurn.CurrentCell);
    }

    /// <summary>Tells a message on, with the sender of the message in process as its sender.</summary>
    /// <exception cref="NotSupportedException">Called outside an actor's turn.</exception>
    public static void Forward(this IActorRef receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorBase.CurrentContext.Sender);
    }
}
