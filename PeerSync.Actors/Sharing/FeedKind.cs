namespace PeerSync.Actors.Sharing;

/// <summary>The ways to listen to the feed.</summary>
public enum FeedKind
{
    /// <summary>Redis's protocol with the shared credential: told of everything, by ids.</summary>
    SharedResp,

    /// <summary>Redis's protocol with an access token: told of what its user may know.</summary>
    UserResp,

    /// <summary>A WebSocket.</summary>
    WebSocket,

    /// <summary>Server-sent events.</summary>
    ServerSentEvents,
}
