namespace PeerSync.Kernel;

/// <summary>An exception as a message.</summary>
public sealed class Failure
{
    /// <summary>What went wrong.</summary>
    public Exception? Exception { get; set; }

    /// <summary>When, in coordinated universal time.</summary>
    public DateTime Timestamp { get; set; }

    /// <inheritdoc />
    public override string ToString() => $"Failure: {Exception?.Message}";
}
