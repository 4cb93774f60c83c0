namespace PeerSync.Actors.Sessions;

/// <summary>Why a session ended, as the members are told (docs/spec/peers.md).</summary>
public static class SessionEndReason
{
    /// <summary>A member ended it.</summary>
    public const string Ended = "ended";

    /// <summary>A member stayed away too long.</summary>
    public const string PeerLeft = "peer-left";
}
