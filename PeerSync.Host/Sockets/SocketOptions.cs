namespace PeerSync.Host.Sockets;

/// <summary>The limits of every WebSocket connection. See <c>hocon/peersync.conf</c>, section <c>websocket</c>, for the reasons.</summary>
internal sealed record SocketOptions
{
    /// <summary>The largest message from an authenticated client, in bytes.</summary>
    public int MaxMessageSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest message from a client that has not authenticated, in bytes: enough for any token.</summary>
    public int MaxMessageSizeBeforeAuthentication { get; init; } = 64 * 1024;

    /// <summary>How long a client may stay unauthenticated.</summary>
    public TimeSpan AuthenticationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The interval of pings; a client that was silent for a whole interval is cut.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a closing handshake may take.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages of one connection may be on their way through the actors before its socket is read again.</summary>
    public int InFlightMessages { get; init; } = 64;

    /// <summary>The most messages that may wait for one slow reader.</summary>
    public int OutboundMessages { get; init; } = 4096;

    /// <summary>The most bytes that may wait for one slow reader.</summary>
    public long OutboundBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long a reader may take nothing at all while something waits for it.</summary>
    public TimeSpan OutboundStallTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Messages a second that one connection may send in the long run; 0 for no limit.</summary>
    public int MessagesPerSecond { get; init; } = 100;

    /// <summary>Messages that one connection may send at once.</summary>
    public int MessageBurst { get; init; } = 400;
}
