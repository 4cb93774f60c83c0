using PeerSync.Actors.Connections;
using PeerSync.Host.Configuration;
using PeerSync.Kernel;

namespace PeerSync.Host.Sockets;

/// <summary>A feature's way of speaking on a WebSocket. Where several share a path, the first message decides between them.</summary>
internal interface ISocketDialect
{
    /// <summary>The feature's name in lower case, for metrics and the operator's lists.</summary>
    string Feature { get; }

    /// <summary>The feature as listeners name it: only those that do speak this. Any listener speaks what is no feature of its own.</summary>
    ServerFeatures ServedAs => Enum.TryParse<ServerFeatures>(Feature, ignoreCase: true, out var named) ? named : ServerFeatures.All;

    /// <summary>The paths it is spoken on, compared exactly.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>The dialect's own limits, or null where those of all sockets hold.</summary>
    DialectLimits? Limits { get; }

    /// <summary>Whether a connection's first message can only be this dialect's. Asked in the order of registration; the path's first dialect is its default.</summary>
    bool Recognizes(ReadOnlySpan<byte> firstMessage);

    /// <summary>What to start as a connection's actor. It gets <see cref="InboundMessage"/>s, then <see cref="ConnectionClosed"/>.</summary>
    Props CreateActor(IConnection connection);
}
