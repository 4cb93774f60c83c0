namespace PeerSync.Protocol.SocketIO;

/// <summary>The ways in which an Engine.IO session's packets travel.</summary>
public enum EngineTransport
{
    /// <summary>Neither of the two, or not named.</summary>
    Unknown,

    /// <summary>HTTP long-polling.</summary>
    Polling,

    /// <summary>WebSocket.</summary>
    WebSocket,
}
