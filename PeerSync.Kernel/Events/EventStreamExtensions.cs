namespace PeerSync.Kernel;

/// <summary>Subscriptions with the type of event as type argument.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes an actor to a type of event.</summary>
    /// <returns>False when it already was subscribed, or has stopped.</returns>
    public static bool Subscribe<TEvent>(this EventStream eventStream, IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(eventStream);
        return eventStream.Subscribe(actor, typeof(TEvent));
    }

    /// <summary>Ends one subscription.</summary>
    /// <returns>False when there was none.</returns>
    public static bool Unsubscribe<TEvent>(this EventStream eventStream, IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(eventStream);
        return eventStream.Unsubscribe(actor, typeof(TEvent));
    }
}
