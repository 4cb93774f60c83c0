namespace PeerSync.Protocol.Peers;

/// <summary>What a registered peer says about itself. One who is not registered is offline and has no status.</summary>
public enum PeerStatus
{
    /// <summary><c>online</c>, the status after each registration.</summary>
    Online,

    /// <summary><c>away</c>.</summary>
    Away,

    /// <summary><c>busy</c>.</summary>
    Busy,
}
