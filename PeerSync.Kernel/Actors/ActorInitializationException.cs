namespace PeerSync.Kernel;

/// <summary>An actor's constructor or <c>PreStart</c> failed. By default its supervisor stops it.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="actor">Whose start failed, if there was a reference yet.</param>
    /// <param name="message">What happened.</param>
    /// <param name="cause">What was thrown.</param>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause)
    {
        Actor = actor;
    }

    /// <summary>Whose start failed, if there was a reference yet.</summary>
    public IActorRef? Actor { get; }
}
