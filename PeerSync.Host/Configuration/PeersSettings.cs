namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.peers</c>: the Peers feature.</summary>
internal sealed record PeersSettings
{
    /// <summary>How long a connection request waits for an answer.</summary>
    public required TimeSpan RequestTimeout { get; init; }

    /// <summary>How long either side of a session may be away before it ends.</summary>
    public required TimeSpan SessionAbsence { get; init; }

    /// <summary>Whether users without a network are announced to each other.</summary>
    public required bool SharePresenceWithoutNetwork { get; init; }

    /// <summary>The most unanswered requests from one user to one other.</summary>
    public required int MaxOpenRequestsPerPair { get; init; }

    /// <summary>The most unanswered requests from one user.</summary>
    public required int MaxOpenRequests { get; init; }

    /// <summary>The most sessions that one user takes part in at a time.</summary>
    public required int MaxSessionsPerUser { get; init; }

    /// <summary>The longest display name, in UTF-16 code units.</summary>
    public required int MaxDisplayName { get; init; }
}
