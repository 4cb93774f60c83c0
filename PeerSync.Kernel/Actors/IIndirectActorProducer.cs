namespace PeerSync.Kernel;

/// <summary>Creates actors for <see cref="Props.CreateBy"/>. Used by many threads.</summary>
public interface IIndirectActorProducer
{
    /// <summary>The type of the actors.</summary>
    Type ActorType { get; }

    /// <summary>Creates an actor; called within its first turn, and again for each restart.</summary>
    ActorBase Produce();

    /// <summary>Takes an actor back that has stopped or is being replaced.</summary>
    void Release(ActorBase actor);
}
