namespace PeerSync.Kernel;

/// <summary>Something was asked of an actor that it cannot do in its state.</summary>
public class IllegalActorStateException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public IllegalActorStateException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
