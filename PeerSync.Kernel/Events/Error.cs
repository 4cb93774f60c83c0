namespace PeerSync.Kernel;

/// <summary>Something failed.</summary>
public sealed class Error : LogEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="cause">What was thrown, if something was.</param>
    /// <param name="logSource">The path of the actor, or the name of the part, that logs.</param>
    /// <param name="logClass">The type that logs.</param>
    /// <param name="message">The text.</param>
    public Error(Exception? cause, string logSource, Type logClass, object message)
        : base(logSource, logClass, message)
    {
        Cause = cause;
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Kernel.LogLevel.ErrorLevel;
}
