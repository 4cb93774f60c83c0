using PeerSync.Actors.Connections;
using PeerSync.Kernel;

namespace PeerSync.Host.Sockets;

/// <summary>A feature's way of speaking on a WebSocket. Where several share a path, the first message decides between them.</summary>
internal interface ISocketDialect
{
    /// <summary>The feature's name in lower case, for metrics and the operator's lists.</summary>
    string Feature { get; }

    /// <summary>The paths it is spoken on, compared exactly.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Whether a connection's first message can only be this dialect's. Asked in the order of registration; the path's first dialect is its default.</summary>
    bool Recognizes(ReadOnlySpan<byte> firstMessage);

    /// <summary>What to start as a connection's actor. It gets <see cref="InboundMessage"/>s, then <see cref="ConnectionClosed"/>.</summary>
    Props CreateActor(IConnection connection);
}
