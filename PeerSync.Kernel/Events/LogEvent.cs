namespace PeerSync.Kernel;

/// <summary>The base of what the kernel and its actors log, published on the event stream for the host to write.</summary>
public abstract class LogEvent
{
    private protected LogEvent(string logSource, Type logClass, object message)
    {
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>What went wrong, if something did.</summary>
    public Exception? Cause { get; init; }

    /// <summary>When, in coordinated universal time; set when the event is published through a log.</summary>
    public DateTime Timestamp { get; internal set; }

    /// <summary>The path of the actor, or the name of the part, that logs.</summary>
    public string LogSource { get; }

    /// <summary>The type that logs.</summary>
    public Type LogClass { get; }

    /// <summary>The text.</summary>
    public object Message { get; }

    /// <summary>How important it is.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc />
    public override string ToString() => $"[{LogLevel()}][{Timestamp:O}][{LogSource}] {Message}{(Cause is null ? "" : $" {Cause}")}";
}
