namespace PeerSync.Protocol.SocketIO;

/// <summary>The packets of Engine.IO 4, by the digit that each begins with.</summary>
public enum EnginePacketType
{
    /// <summary>The server's first packet: the session's id and parameters.</summary>
    Open = 0,

    /// <summary>The session ends.</summary>
    Close = 1,

    /// <summary>The server asks whether the client is there, or the client whether a new transport works (<c>probe</c>).</summary>
    Ping = 2,

    /// <summary>The answer to a ping, with the ping's data.</summary>
    Pong = 3,

    /// <summary>What the application sends.</summary>
    Message = 4,

    /// <summary>The client changes to the transport that it has probed.</summary>
    Upgrade = 5,

    /// <summary>Nothing; it releases a pending poll.</summary>
    Noop = 6,
}
