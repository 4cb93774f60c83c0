namespace PeerSync.Protocol.Sharing;

/// <summary>What events are called on the wire (Sharing contract, section 6.2). Clients ignore names that they do not know.</summary>
public static class SharingEventNames
{
    /// <summary>Somebody has shared code.</summary>
    public const string SnippetCreated = "snippet:created";

    /// <summary>A share is gone.</summary>
    public const string SnippetDeleted = "snippet:deleted";

    /// <summary>A user's devices have changed.</summary>
    public const string KeysChanged = "keys:changed";

    /// <summary>Somebody has joined a team.</summary>
    public const string MemberJoined = "team:memberJoined";

    /// <summary>Somebody has left a team, or was removed from it.</summary>
    public const string MemberRemoved = "team:memberRemoved";

    /// <summary>A team has another name or owner.</summary>
    public const string TeamChanged = "team:changed";

    /// <summary>A team is gone.</summary>
    public const string TeamDeleted = "team:deleted";

    /// <summary>A device would like to read what there is no wrapped key for.</summary>
    public const string WrapsRequested = "wraps:requested";

    /// <summary>A team mate has come or gone; live only.</summary>
    public const string PresenceChanged = "presence:changed";

    /// <summary>Which team mates are there; the answer to a client that has just come.</summary>
    public const string PresenceSnapshot = "presence:snapshot";

    /// <summary>The first message on a feed: from here on events come as they happen.</summary>
    public const string FeedReady = "feed:ready";

    /// <summary>The client's cursor is older than what is kept: it must fetch everything anew.</summary>
    public const string FeedReset = "feed:reset";

    /// <summary>The last message on a feed that the server ends, where the transport has no close frame.</summary>
    public const string FeedClosed = "feed:closed";

    /// <summary>The answer to a token that replaces an expiring one.</summary>
    public const string AuthenticationRenewed = "auth:ok";

    /// <summary>The answer to a client that asks for a sign of life.</summary>
    public const string Pong = "pong";
}
