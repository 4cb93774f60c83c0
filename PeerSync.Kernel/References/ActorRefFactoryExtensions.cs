namespace PeerSync.Kernel;

/// <summary>Shorter ways to create actors.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Creates a child actor with the actor's parameterless constructor.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new()
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.ActorOf(Props.Create<TActor>(), name);
    }
}
