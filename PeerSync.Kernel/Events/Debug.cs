namespace PeerSync.Kernel;

/// <summary>For developers.</summary>
public sealed class Debug : LogEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="logSource">The path of the actor, or the name of the part, that logs.</param>
    /// <param name="logClass">The type that logs.</param>
    /// <param name="message">The text.</param>
    public Debug(string logSource, Type logClass, object message)
        : base(logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Kernel.LogLevel.DebugLevel;
}
