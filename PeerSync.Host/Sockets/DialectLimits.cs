namespace PeerSync.Host.Sockets;

/// <summary>Where a dialect's limits differ from those that hold for all sockets (<see cref="SocketOptions"/>).</summary>
internal sealed record DialectLimits
{
    /// <summary>The largest message from an authenticated client, in bytes.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary>How long a client may stay unauthenticated, from the upgrade on.</summary>
    public required TimeSpan AuthenticationTimeout { get; init; }

    /// <summary>
    /// Messages a second that one connection may send in the long run; 0 for no limit. Above it the socket is not read for a while, and no message is lost.
    /// </summary>
    public required int MessagesPerSecond { get; init; }

    /// <summary>Messages that one connection may send at once.</summary>
    public required int MessageBurst { get; init; }

    /// <summary>How many pings in a row may stay unanswered until the connection ends at the next one.</summary>
    public int UnansweredPings { get; init; } = 1;

    /// <summary>What it is then closed with; null cuts it without a word, since most likely nobody is there.</summary>
    public DialectClose? HeartbeatTimeout { get; init; }
}

/// <summary>A close of a dialect's own.</summary>
/// <param name="Code">The code.</param>
/// <param name="Reason">The reason text.</param>
internal sealed record DialectClose(int Code, string Reason);
