namespace PeerSync.Kernel;

/// <summary>A handle to an actor: all that others ever see of it. Safe on every thread, valid after the actor has stopped.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>
{
    /// <summary>Where the actor stands in its system. Made on demand: not for hot paths.</summary>
    ActorPath Path { get; }
}
