namespace PeerSync.Protocol.Peers;

/// <summary>How two peers stand to each other; always relative to the one who is told.</summary>
public enum ConnectionMode
{
    /// <summary><c>LAN</c>: both come from the same address.</summary>
    Lan,

    /// <summary><c>REMOTE</c>: they come from different addresses, or one of them is offline.</summary>
    Remote,
}
