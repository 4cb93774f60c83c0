namespace PeerSync.Actors.Peers;

/// <summary>How a connection request ended.</summary>
public enum RequestOutcome
{
    /// <summary>The target accepted; a session is being opened.</summary>
    Accepted,

    /// <summary>The target rejected.</summary>
    Rejected,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The requester took it back.</summary>
    Cancelled,

    /// <summary>One side is gone.</summary>
    Offline,
}
