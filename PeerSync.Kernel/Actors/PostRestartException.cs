namespace PeerSync.Kernel;

/// <summary>A restart failed: the new instance's constructor, <c>PreStart</c> or <c>PostRestart</c> threw.</summary>
public sealed class PostRestartException : ActorInitializationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="actor">Whose restart failed.</param>
    /// <param name="cause">What was thrown.</param>
    /// <param name="originalCause">Why the actor was being restarted.</param>
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({originalCause?.GetType().Name ?? "null"})", cause)
    {
        OriginalCause = originalCause;
    }

    /// <summary>Why the actor was being restarted.</summary>
    public Exception? OriginalCause { get; }
}
