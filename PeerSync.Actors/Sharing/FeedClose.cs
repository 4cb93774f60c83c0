namespace PeerSync.Actors.Sharing;

/// <summary>Why the feed closes connections (docs/spec/sharing.md). Clients come back after any of them, after 4001 and 4003 with another token.</summary>
/// <param name="Code">The WebSocket's close code.</param>
/// <param name="Reason">The reason text.</param>
public sealed record FeedClose(int Code, string Reason)
{
    /// <summary>What the client said is no message of the feed.</summary>
    public static FeedClose BadMessage { get; } = new(4000, "bad message");

    /// <summary>The token is not valid, or not any more.</summary>
    public static FeedClose Unauthorized { get; } = new(4001, "unauthorized");

    /// <summary>The session was ended.</summary>
    public static FeedClose SessionEnded { get; } = new(4003, "session ended");

    /// <summary>No token came in time.</summary>
    public static FeedClose Timeout { get; } = new(4008, "timeout");

    /// <summary>The user has as many connections as one may have.</summary>
    public static FeedClose TooManyConnections { get; } = new(4029, "too many connections");

    /// <summary>A fault of the server.</summary>
    public static FeedClose Internal { get; } = new(1011, "internal error");

    /// <summary>The database does not answer.</summary>
    public static FeedClose Unavailable { get; } = new(1013, "try again later");
}
