namespace PeerSync.Kernel;

/// <summary>The actor was told <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public ActorKilledException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
