using PeerSync.Protocol.Buffers;

namespace PeerSync.Actors.Sharing;

/// <summary>
/// Tells the feed that its sender listens from here on. Answered with <see cref="SubscribedToFeed"/> where the kind can be resumed, or <see cref="FeedRefused"/>.
/// </summary>
/// <param name="Kind">How.</param>
/// <param name="UserId">Who; null with the shared credential.</param>
/// <param name="SessionId">By which session; null with the shared credential.</param>
public sealed record SubscribeToFeed(FeedKind Kind, string? UserId, string? SessionId);

/// <summary>The sender listens.</summary>
/// <param name="Cursor">The number of the last event that it will not be told of.</param>
public sealed record SubscribedToFeed(long Cursor);

/// <summary>The sender does not listen: its user has too many connections.</summary>
public sealed class FeedRefused
{
    private FeedRefused()
    {
    }

    /// <summary>The one instance.</summary>
    public static FeedRefused Instance { get; } = new();
}

/// <summary>Tells the feed that its sender listens no more.</summary>
public sealed class UnsubscribeFromFeed
{
    private UnsubscribeFromFeed()
    {
    }

    /// <summary>The one instance.</summary>
    public static UnsubscribeFromFeed Instance { get; } = new();
}

/// <summary>Tells a listener that the feed has failed and knows it no more; it subscribes again.</summary>
public sealed class FeedRestarted
{
    private FeedRestarted()
    {
    }

    /// <summary>The one instance.</summary>
    public static FeedRestarted Instance { get; } = new();
}

/// <summary>A message for a listener, written in its form. The same for all listeners of a form; each owns one reference to the bytes.</summary>
/// <param name="Id">The event's number; 0 for what is not kept.</param>
/// <param name="Buffer">The message.</param>
public sealed record FeedFrame(long Id, MessageBuffer Buffer);

/// <summary>Ends the connections of a session, or of all of a user's.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="SessionId">Those of one session; null for all.</param>
public sealed record EndFeedSession(string UserId, string? SessionId);

/// <summary>Tells a listener that its session has ended.</summary>
public sealed class FeedSessionEnded
{
    private FeedSessionEnded()
    {
    }

    /// <summary>The one instance.</summary>
    public static FeedSessionEnded Instance { get; } = new();
}

/// <summary>Asks for a message that tells which team mates of the sender's user are there. Answered with a <see cref="FeedFrame"/>, in case of failure never.</summary>
public sealed class GetFeedSnapshot
{
    private GetFeedSnapshot()
    {
    }

    /// <summary>The one instance.</summary>
    public static GetFeedSnapshot Instance { get; } = new();
}

/// <summary>Asks who of a user's team mates is there. Answered with <see cref="FeedPresence"/>.</summary>
/// <param name="UserId">The user.</param>
public sealed record GetFeedPresence(string UserId);

/// <summary>Who is there.</summary>
/// <param name="Online">Users, each once.</param>
public sealed record FeedPresence(IReadOnlyList<string> Online);

/// <summary>Asks how the feed is. Answered with <see cref="FeedState"/>.</summary>
public sealed class GetFeedState
{
    private GetFeedState()
    {
    }

    /// <summary>The one instance.</summary>
    public static GetFeedState Instance { get; } = new();
}

/// <summary>
/// As <see cref="GetFeedState"/>, but answered only once the feed knows where it begins. Before that nobody should be let in: what a client then caused could
/// lie before the beginning.
/// </summary>
public sealed class AwaitFeedStart
{
    private AwaitFeedStart()
    {
    }

    /// <summary>The one instance.</summary>
    public static AwaitFeedStart Instance { get; } = new();
}

/// <summary>How the feed is.</summary>
/// <param name="Cursor">The number of the last event that was delivered; null where the database has not told yet where to begin.</param>
public sealed record FeedState(long? Cursor);

/// <summary>Begins a subscription over Redis's protocol. Answered with <see cref="Kernel.Done"/> once the client's answer is queued.</summary>
/// <param name="Answer">What the client is answered; its reference is handed over.</param>
public sealed record BeginRespSubscription(MessageBuffer Answer);

/// <summary>Ends a subscription over Redis's protocol. Answered with <see cref="Kernel.Done"/> once the client's answer is queued; nothing is sent after it.</summary>
/// <param name="Answer">What the client is answered; its reference is handed over. Null where nothing waits for an answer.</param>
public sealed record EndRespSubscription(MessageBuffer? Answer);

/// <summary>Tells a listener whose request has said who is there that its connection is ready.</summary>
public sealed class BeginListening
{
    private BeginListening()
    {
    }

    /// <summary>The one instance.</summary>
    public static BeginListening Instance { get; } = new();
}
