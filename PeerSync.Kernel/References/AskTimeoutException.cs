namespace PeerSync.Kernel;

/// <summary>The answer to a question did not come in time.</summary>
public class AskTimeoutException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public AskTimeoutException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
