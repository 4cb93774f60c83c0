namespace PeerSync.Protocol.WebSockets;

/// <summary>What a client's opening handshake says. Header values are as sent, without surrounding spaces; null when the header is absent.</summary>
/// <param name="Path">The path of the request target; it begins with a slash and has no percent-encoding and no dot segments.</param>
/// <param name="Query">The query of the request target as sent, without its question mark; empty when there is none.</param>
/// <param name="Key">The value of Sec-WebSocket-Key, valid in the sense of <see cref="WebSocketHandshake.IsValidKey"/>.</param>
public sealed record WebSocketUpgrade(string Path, string Query, string Key)
{
    /// <summary>The value of Host. Never null after <see cref="WebSocketHandshake.TryParse"/>.</summary>
    public string? Host { get; init; }

    /// <summary>The value of Origin.</summary>
    public string? Origin { get; init; }

    /// <summary>The first subprotocol offered.</summary>
    public string? Protocol { get; init; }

    /// <summary>The value of X-Forwarded-For; several such headers are joined with ", " in their order. Believe it from trusted proxies only.</summary>
    public string? ForwardedFor { get; init; }

    /// <summary>The value of X-Forwarded-Proto, joined likewise. Believe it from trusted proxies only.</summary>
    public string? ForwardedProto { get; init; }

    /// <summary>The value of User-Agent.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The value of Authorization.</summary>
    public string? Authorization { get; init; }
}
