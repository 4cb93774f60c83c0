namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.sync</c>: the Sync feature.</summary>
internal sealed record SyncSettings
{
    /// <summary>64 hexadecimal digits or a PKCS#8 PEM; empty to make one outside production.</summary>
    public required Secret ServerPrivateKey { get; init; }

    /// <summary>The public half that must belong to it, 64 hexadecimal digits; empty when it is not to be checked.</summary>
    public required string ServerPublicKey { get; init; }

    /// <summary>What callers of the admin routes present; empty opens them outside production and closes them in it.</summary>
    public required Secret AdminKey { get; init; }

    /// <summary>How long a socket lives before it must log in again.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>How long an address that held a user's socket may name that user over HTTP.</summary>
    public required TimeSpan SessionMemory { get; init; }

    /// <summary>How old events may be that a returning device is given.</summary>
    public required TimeSpan ReplayWindow { get; init; }

    /// <summary>How long events are kept; not less than <see cref="ReplayWindow"/>.</summary>
    public required TimeSpan EventRetention { get; init; }

    /// <summary>How long devices are kept that nobody saw.</summary>
    public required TimeSpan DeviceRetention { get; init; }

    /// <summary>How long a socket may take to prove who it is.</summary>
    public required TimeSpan HandshakeTimeout { get; init; }

    /// <summary>The most devices of one user that are online at the same time.</summary>
    public required int MaxDevices { get; init; }

    /// <summary>The largest message in bytes.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary>Events of one user; above it sockets are read more slowly.</summary>
    public required TokenBucketSettings EventsPerUser { get; init; }

    public required SyncRestLimitSettings RestLimit { get; init; }

    public required SyncFailedLookupSettings FailedLookups { get; init; }

    /// <summary>Whether browsers may send credentials along.</summary>
    public required bool CorsCredentials { get; init; }

    public required SyncBuildSettings Build { get; init; }
}

/// <summary><c>peersync.sync.rest-limit</c>: requests of one client address.</summary>
/// <param name="Window">In which they are counted.</param>
/// <param name="MaxRequests">The most in each window.</param>
internal sealed record SyncRestLimitSettings(TimeSpan Window, int MaxRequests);

/// <summary><c>peersync.sync.failed-lookups</c>: wrong pairing codes.</summary>
/// <param name="Window">In which they are counted.</param>
/// <param name="PerAddress">The most of one client address in each window.</param>
/// <param name="InAll">The most of all addresses in each window.</param>
internal sealed record SyncFailedLookupSettings(TimeSpan Window, int PerAddress, int InAll);

/// <summary><c>peersync.sync.build</c>: what the health route says of the build; each may be empty.</summary>
internal sealed record SyncBuildSettings(string Version, string Commit, string Branch, string Time);
