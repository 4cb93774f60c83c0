using PeerSync.Actors.Connections;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;

namespace PeerSync.Host.Sharing.Feed;

/// <summary>The feed on a WebSocket. The first message says who is there, since browsers send no <c>Authorization</c> with an upgrade.</summary>
internal sealed class SharingRealtimeDialect(FeedServices services) : ISocketDialect
{
    /// <summary>The path of the WebSocket and of the server-sent events.</summary>
    internal const string Path = "/osmynt-api-engine/protected/realtime";

    /// <inheritdoc />
    public string Feature => "sharing";

    /// <inheritdoc />
    public IReadOnlyList<string> Paths { get; } = [Path];

    /// <inheritdoc />
    public DialectLimits? Limits { get; } = new()
    {
        // A client says who it is, and then almost nothing.
        MaxMessageSize = 16 * 1024,
        AuthenticationTimeout = TimeSpan.FromSeconds(10),
        MessagesPerSecond = 5,
        MessageBurst = 20,
    };

    /// <inheritdoc />
    public bool Recognizes(ReadOnlySpan<byte> firstMessage) => true;

    /// <inheritdoc />
    public Props CreateActor(IConnection connection) => Props.Create(() => new ResumingListenerActor(connection, services));
}
