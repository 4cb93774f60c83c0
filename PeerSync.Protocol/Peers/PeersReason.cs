namespace PeerSync.Protocol.Peers;

/// <summary>Why a request was withdrawn or rejected, or a session ended. Clients treat a reason that they do not know like none.</summary>
public static class PeersReason
{
    /// <summary>A request: its sender took it back.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A request: it was not answered in time.</summary>
    public const string Expired = "expired";

    /// <summary>A request: the other side went offline.</summary>
    public const string Offline = "offline";

    /// <summary>A session: a member ended it.</summary>
    public const string Ended = "ended";

    /// <summary>A session: a member stayed away for too long.</summary>
    public const string Absent = "absent";
}
