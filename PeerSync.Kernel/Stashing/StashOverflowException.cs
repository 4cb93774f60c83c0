namespace PeerSync.Kernel;

/// <summary>The stash is full.</summary>
public class StashOverflowException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public StashOverflowException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
