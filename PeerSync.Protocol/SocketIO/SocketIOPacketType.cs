namespace PeerSync.Protocol.SocketIO;

/// <summary>The packets of Socket.IO 5, by the digit that each begins with.</summary>
public enum SocketIOPacketType
{
    /// <summary>Joins a namespace, or tells that it was joined.</summary>
    Connect = 0,

    /// <summary>Leaves a namespace.</summary>
    Disconnect = 1,

    /// <summary>An event: its name and its arguments.</summary>
    Event = 2,

    /// <summary>The answer to an event that asked for one.</summary>
    Ack = 3,

    /// <summary>A namespace could not be joined. Only a server sends it.</summary>
    ConnectError = 4,

    /// <summary>An event with binary attachments, which follow it.</summary>
    BinaryEvent = 5,

    /// <summary>An answer with binary attachments, which follow it.</summary>
    BinaryAck = 6,
}
