namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.rate-limits</c>: how much one address, one identity or one connection may ask for.</summary>
internal sealed record RateLimitSettings
{
    /// <summary>Whether any of the limits holds. Off is for load tests, and the server says so at every start.</summary>
    public required bool Enabled { get; init; }

    /// <summary>New sockets.</summary>
    public required TokenBucketSettings ConnectionsPerAddress { get; init; }

    public required TokenBucketSettings HttpRequestsPerAddress { get; init; }

    /// <summary>Sockets open at the same time.</summary>
    public required int OpenConnectionsPerAddress { get; init; }

    public required TokenBucketSettings FailedLoginsPerAddress { get; init; }

    public required TokenBucketSettings MessagesPerConnection { get; init; }

    /// <summary>Connection requests to other peers.</summary>
    public required TokenBucketSettings RequestsPerIdentity { get; init; }

    /// <summary>Tries to join a network by its invite code.</summary>
    public required TokenBucketSettings JoinAttemptsPerIdentity { get; init; }

    public required TokenBucketSettings JoinAttemptsPerAddress { get; init; }
}
