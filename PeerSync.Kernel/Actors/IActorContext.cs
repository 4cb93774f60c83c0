namespace PeerSync.Kernel;

/// <summary>What an actor sees of its surroundings. To be used inside its turns only.</summary>
public interface IActorContext : IActorRefFactory
{
    /// <summary>The actor itself.</summary>
    IActorRef Self { get; }

    /// <summary>Who sent the message in process; the dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The actor that created this one.</summary>
    IActorRef Parent { get; }

    /// <summary>How this actor was created.</summary>
    Props Props { get; }

    /// <summary>The system it lives in.</summary>
    ActorSystem System { get; }

    /// <summary>The receive timeout that is set, if any.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>The child of a name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children that are alive, those being stopped included.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Replaces the current behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the current one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Returns to the behaviour under the current one; does nothing at the bottom.</summary>
    void UnbecomeStacked();

    /// <summary>Asks for a <see cref="Terminated"/> when an actor stops; at once if it has already stopped.</summary>
    /// <returns>The actor given.</returns>
    IActorRef Watch(IActorRef subject);

    /// <summary>Asks for a message of one's own when an actor stops.</summary>
    /// <returns>The actor given.</returns>
    /// <exception cref="InvalidOperationException">The actor is already watched with another message.</exception>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Takes a watch back; a <see cref="Terminated"/> that was already queued is not delivered.</summary>
    /// <returns>The actor given.</returns>
    IActorRef Unwatch(IActorRef subject);

    /// <summary>Asks for a <see cref="Kernel.ReceiveTimeout"/> whenever no message came for this long; null to end that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    void SetReceiveTimeout(TimeSpan? receiveTimeout);
}
