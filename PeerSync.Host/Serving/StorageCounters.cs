using PeerSync.Host.Metrics;

namespace PeerSync.Host.Serving;

/// <summary>What the storage did, in plain numbers. It opens before there is a meter, so the instruments read these when they are asked.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StorageCounters
{
    /// <summary>Events committed to the journal, refused ones of the same group included.</summary>
    public StripedCounter Events { get; } = new();

    /// <summary>Writes of actors in these groups.</summary>
    public StripedCounter Writes { get; } = new();

    /// <summary>Groups committed.</summary>
    public StripedCounter Groups { get; } = new();

    /// <summary>How long the groups took together, in microseconds.</summary>
    public StripedCounter CommitMicroseconds { get; } = new();

    /// <summary>Events that were refused.</summary>
    public StripedCounter Refused { get; } = new();

    /// <summary>Operations that were tried again.</summary>
    public StripedCounter Retries { get; } = new();

    /// <summary>Operations that failed.</summary>
    public StripedCounter Failures { get; } = new();
}
