namespace PeerSync.Kernel;

/// <summary>Something that creates and stops actors: an actor's context or the actor system.</summary>
public interface IActorRefFactory
{
    /// <summary>Creates a child actor. Its constructor runs later, in its own first turn.</summary>
    /// <param name="props">How to create it.</param>
    /// <param name="name">Unique among its siblings; made up when null.</param>
    /// <exception cref="InvalidActorNameException">The name is empty, malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The parent is terminating.</exception>
    /// <exception cref="ConfigurationException">The props name a mailbox that is not configured.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Stops an actor after the message that it is processing. Asynchronous: watch the actor to learn of its end.</summary>
    void Stop(IActorRef actor);
}
