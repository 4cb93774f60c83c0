namespace PeerSync.Protocol.SocketIO;

/// <summary>Why an Engine.IO request is refused. The numbers are the wire's.</summary>
public enum EngineErrorCode
{
    /// <summary>The query names no known transport.</summary>
    TransportUnknown = 0,

    /// <summary>There is no such session (any more).</summary>
    SessionUnknown = 1,

    /// <summary>A session is opened by a GET.</summary>
    BadHandshakeMethod = 2,

    /// <summary>The request does not fit its session: another transport, a second request of a kind, a body that is no payload.</summary>
    BadRequest = 3,

    /// <summary>The server does not want this client.</summary>
    Forbidden = 4,

    /// <summary>Another version of the protocol than 4.</summary>
    UnsupportedVersion = 5,
}
