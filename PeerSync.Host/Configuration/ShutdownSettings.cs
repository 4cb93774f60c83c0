namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.shutdown</c>: how the server leaves.</summary>
internal sealed record ShutdownSettings
{
    /// <summary>After this the process ends whatever is left undone.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The time over which close frames are spread, so that clients do not all reconnect in one instant.</summary>
    public required TimeSpan Spread { get; init; }
}
