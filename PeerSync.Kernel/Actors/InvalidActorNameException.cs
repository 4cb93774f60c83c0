namespace PeerSync.Kernel;

/// <summary>A name that an actor may not have: empty, malformed, or taken by a sibling.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public InvalidActorNameException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
