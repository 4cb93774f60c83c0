namespace PeerSync.Protocol.WebSockets;

/// <summary>The kind of a WebSocket frame (RFC 6455, section 5.2). Values from 8 on are control frames.</summary>
public enum WebSocketOpcode : byte
{
    /// <summary>A further fragment of a message that has begun.</summary>
    Continuation = 0,

    /// <summary>The first or only fragment of a UTF-8 message.</summary>
    Text = 1,

    /// <summary>The first or only fragment of a binary message.</summary>
    Binary = 2,

    /// <summary>Begins or answers the closing handshake.</summary>
    Close = 8,

    /// <summary>Asks for a <see cref="Pong"/> with the same payload.</summary>
    Ping = 9,

    /// <summary>Answers a <see cref="Ping"/>, or says without being asked that the sender lives.</summary>
    Pong = 10,
}
