using PeerSync.Host.Http;

namespace PeerSync.Host.SocketIO;

/// <summary>The parameters of an Engine.IO server. The defaults are the ones that clients of the original were written against.</summary>
internal sealed record EngineOptions
{
    /// <summary>The name under which sessions are counted.</summary>
    public string Feature { get; init; } = "calls";

    /// <summary>The path with its trailing slash; it is served without the slash too.</summary>
    public string Path { get; init; } = "/socket.io/";

    /// <summary>How long after the opening, and after each answer, the client is pinged.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long the answer may take.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The largest message and the largest polling body that is taken, in bytes.</summary>
    public int MaxPayload { get; init; } = 1_000_000;

    /// <summary>How long a client may take from opening a WebSocket for its session to changing to it.</summary>
    public TimeSpan UpgradeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a poll may be held back while an upgrade is under way, which mostly makes it needless.</summary>
    public TimeSpan UpgradePollDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the end of a session waits for the poll that its client sent beside it on another connection.</summary>
    public TimeSpan ClosePollDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a session that the server closed keeps what its client has not yet fetched.</summary>
    public TimeSpan CloseLinger { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages of one polling client may be on their way before the rest of its body is read; WebSockets have their own number.</summary>
    public int InFlightMessages { get; init; } = 64;

    /// <summary>The most messages that may wait for one polling client.</summary>
    public int OutboundMessages { get; init; } = 4096;

    /// <summary>The most bytes that may wait for one polling client.</summary>
    public long OutboundBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Messages a second that one WebSocket may send in the long run; 0 for no limit. Above it the socket is not read for a while.</summary>
    public int MessagesPerSecond { get; init; } = 100;

    /// <summary>Messages that one WebSocket may send at once.</summary>
    public int MessageBurst { get; init; } = 400;

    /// <summary>Which browser origins may read answers. A WebSocket of an origin that is not on the list is refused.</summary>
    public CorsPolicyOptions Cors { get; init; } = new(Production: false, Origins: []);
}
