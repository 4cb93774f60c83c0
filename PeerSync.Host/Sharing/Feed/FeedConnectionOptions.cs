namespace PeerSync.Host.Sharing.Feed;

/// <summary>The limits of the feed's connections that are no WebSockets.</summary>
internal sealed record FeedConnectionOptions
{
    /// <summary>The most messages that may wait for one slow reader.</summary>
    public int OutboundMessages { get; init; } = 4096;

    /// <summary>The most bytes that may wait for one slow reader of server-sent events.</summary>
    public long StreamOutboundBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a reader may take nothing at all while something waits for it.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the last words to a client may take.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often something is written to a silent stream of server-sent events, so that proxies keep it and a dead client is noticed.</summary>
    public TimeSpan SignOfLife { get; init; } = TimeSpan.FromSeconds(20);
}
