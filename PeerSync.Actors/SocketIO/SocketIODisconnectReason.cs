namespace PeerSync.Actors.SocketIO;

/// <summary>Why a Socket.IO socket, or the Engine.IO session below it, has ended.</summary>
public enum SocketIODisconnectReason
{
    /// <summary>The client left the namespace.</summary>
    ClientLeft,

    /// <summary>The application ended it by <see cref="ISocketIOSocket.Disconnect"/>.</summary>
    ServerLeft,

    /// <summary>The application refused it by <see cref="ISocketIOSocket.Refuse"/>.</summary>
    Refused,

    /// <summary>The client closed the session or its connection.</summary>
    TransportClosed,

    /// <summary>The transport was misused or broke: two polls at once, a poll that its client gave up.</summary>
    TransportFailed,

    /// <summary>The client did not answer a ping in time.</summary>
    PingTimeout,

    /// <summary>The client broke the protocol.</summary>
    ProtocolViolation,

    /// <summary>The client sent more than is kept for it until it is authenticated.</summary>
    TooMuchBeforeStart,

    /// <summary>The client joined no namespace in time.</summary>
    ConnectTimeout,

    /// <summary>The client takes too little of what is sent to it.</summary>
    SlowConsumer,

    /// <summary>The server closed the session, because it stops or because the application asked for it.</summary>
    ServerClosed,
}
