namespace PeerSync.Kernel;

/// <summary>How important a log event is.</summary>
public enum LogLevel
{
    /// <summary>For developers.</summary>
    DebugLevel,

    /// <summary>What happens in normal operation.</summary>
    InfoLevel,

    /// <summary>Something is wrong and was coped with.</summary>
    WarningLevel,

    /// <summary>Something failed.</summary>
    ErrorLevel,
}
