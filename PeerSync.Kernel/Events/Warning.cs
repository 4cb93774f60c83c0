namespace PeerSync.Kernel;

/// <summary>Something is wrong and was coped with.</summary>
public sealed class Warning : LogEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="logSource">The path of the actor, or the name of the part, that logs.</param>
    /// <param name="logClass">The type that logs.</param>
    /// <param name="message">The text.</param>
    public Warning(string logSource, Type logClass, object message)
        : base(logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Kernel.LogLevel.WarningLevel;
}
