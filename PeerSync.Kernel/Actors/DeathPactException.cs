namespace PeerSync.Kernel;

/// <summary>An actor watched another and did not handle its <see cref="Terminated"/>.</summary>
public sealed class DeathPactException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="deadActor">Who has stopped.</param>
    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor {deadActor} terminated")
    {
        DeadActor = deadActor;
    }

    /// <summary>Who has stopped.</summary>
    public IActorRef DeadActor { get; }
}
