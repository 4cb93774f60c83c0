using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>What the HTTP side of the Sync feature is told.</summary>
internal sealed record SyncHttpOptions
{
    /// <summary>Whether the strict rules hold.</summary>
    public required bool Production { get; init; }

    /// <summary>Which origins may read the answers.</summary>
    public required CorsPolicyOptions Cors { get; init; }

    /// <summary>Whether browsers may send credentials along.</summary>
    public required bool CorsCredentials { get; init; }

    /// <summary>Whether any limit applies; off only for load tests.</summary>
    public required bool LimitsEnabled { get; init; }

    /// <summary>The window in which requests of one client address are counted.</summary>
    public required TimeSpan RequestWindow { get; init; }

    /// <summary>The most requests of one client address in a window.</summary>
    public required int MaxRequests { get; init; }

    /// <summary>The window in which wrong pairing codes are counted.</summary>
    public required TimeSpan LookupWindow { get; init; }

    /// <summary>The most wrong pairing codes of one client address in a window.</summary>
    public required int FailedLookupsPerAddress { get; init; }

    /// <summary>The most wrong pairing codes of all addresses in a window.</summary>
    public required int FailedLookupsInAll { get; init; }

    /// <summary>How long an address that held a user's socket may name that user.</summary>
    public required TimeSpan SessionMemory { get; init; }

    /// <summary>What callers of the admin routes present; empty for none.</summary>
    public required string AdminKey { get; init; }

    /// <summary>What the health routes say of the build.</summary>
    public required SyncBuild Build { get; init; }
}

/// <summary>The build as the health routes tell it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Commit">The commit, or null.</param>
/// <param name="Branch">The branch, or null.</param>
/// <param name="BuildTime">The time, or null.</param>
internal sealed record SyncBuild(string Version, string? Commit, string? Branch, string? BuildTime);
