namespace PeerSync.Kernel;

/// <summary>Told once to each watcher of an actor that has stopped. A watcher that leaves it unhandled fails with a <see cref="DeathPactException"/>.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful
{
    /// <summary>Creates the message; the kernel does that.</summary>
    /// <param name="actorRef">Who has stopped.</param>
    /// <param name="existenceConfirmed">False when the actor was gone before it could be watched.</param>
    /// <param name="addressTerminated">True when a whole node is gone.</param>
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>Who has stopped.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>False when the actor was gone before it could be watched.</summary>
    public bool ExistenceConfirmed { get; }

    /// <summary>True when a whole node is gone.</summary>
    public bool AddressTerminated { get; }

    /// <inheritdoc />
    public override string ToString() => $"<Terminated>: {ActorRef}, ExistenceConfirmed={ExistenceConfirmed}";
}
