namespace PeerSync.Kernel;

/// <summary>The base of the kernel's exceptions.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    protected AkkaException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
