namespace PeerSync.Host.SocketIO;

/// <summary>What became of a packet for a socket.</summary>
internal enum SocketIODelivery
{
    /// <summary>The actor has it, or it is kept for it.</summary>
    Done,

    /// <summary>The socket has not been let in (yet).</summary>
    NotConnected,

    /// <summary>Too much is kept already.</summary>
    TooMuch,
}
