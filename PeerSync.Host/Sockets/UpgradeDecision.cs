namespace PeerSync.Host.Sockets;

/// <summary>What becomes of a request to upgrade to WebSocket.</summary>
internal enum UpgradeDecision
{
    /// <summary>Let in.</summary>
    Admitted,

    /// <summary>No feature speaks WebSocket on that path (404).</summary>
    UnknownPath,

    /// <summary>A browser's origin that is not on the list (403).</summary>
    ForbiddenOrigin,

    /// <summary>Too many new or open connections from one address (429).</summary>
    RateLimited,

    /// <summary>The server is stopping (503).</summary>
    Draining,
}
