namespace PeerSync.Protocol.SocketIO;

/// <summary>What reading a payload found.</summary>
public enum EngineReadStatus
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>The end.</summary>
    End,

    /// <summary>Something that is no packet. The session must end.</summary>
    Invalid,
}
