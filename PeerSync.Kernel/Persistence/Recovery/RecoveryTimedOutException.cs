namespace PeerSync.Kernel;

/// <summary>The journal or the snapshot store did not answer a recovering actor within <see cref="ActorSystemSettings.RecoveryEventTimeout"/>.</summary>
public class RecoveryTimedOutException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="cause">Why, if something else caused it.</param>
    public RecoveryTimedOutException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
