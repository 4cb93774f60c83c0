namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.websocket</c>: what holds for every socket, whatever it speaks.</summary>
internal sealed record WebSocketSettings
{
    /// <summary>The path of the Peers socket, beginning with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>The browser origins whose sockets are accepted, compared exactly; empty accepts all. A request without an origin is never refused.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>The largest message accepted, in bytes, all its frames together.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary>How long a socket may stay open without presenting credentials.</summary>
    public required TimeSpan AuthTimeout { get; init; }

    /// <summary>The time between two pings to a socket.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    /// <summary>How long a closing handshake may take before the connection is cut.</summary>
    public required TimeSpan CloseTimeout { get; init; }

    /// <summary>How many received messages of one connection may be in work before its reader stops reading.</summary>
    public required int InFlightMessages { get; init; }

    public required OutboundSettings Outbound { get; init; }
}
