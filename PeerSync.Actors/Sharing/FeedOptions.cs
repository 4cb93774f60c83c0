namespace PeerSync.Actors.Sharing;

/// <summary>What an operator can set of the feed; see hocon/peersync.conf.</summary>
public sealed record FeedOptions
{
    /// <summary>Whether connections with the shared credential are told titles and names.</summary>
    public bool SharedPayloadsAreFull { get; init; }

    /// <summary>Connections of one user at a time.</summary>
    public int MaxConnectionsPerUser { get; init; } = 20;

    /// <summary>Events read at once.</summary>
    public int Page { get; init; } = 500;

    /// <summary>How often to look for events that other nodes have appended; null where there are none.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>How long an event that is ahead of its turn waits for the one before it, until that is fetched.</summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long somebody whose last connection has ended counts as there.</summary>
    public TimeSpan PresenceGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often it is looked whether the session of a connection still stands, for the case that another node has ended it.</summary>
    public TimeSpan IdentityCheckInterval { get; init; } = TimeSpan.FromMinutes(5);
}
