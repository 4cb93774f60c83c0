namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.websocket.outbound</c>: the queue of what one connection still has to be sent.</summary>
internal sealed record OutboundSettings
{
    /// <summary>The most messages that wait.</summary>
    public required int MaxMessages { get; init; }

    /// <summary>The most bytes that wait.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>How long a flush may make no progress before the consumer counts as stalled.</summary>
    public required TimeSpan StallTimeout { get; init; }
}
