namespace PeerSync.Host.Http;

/// <summary>A token bucket per client address over all HTTP endpoints, except the ones that probes and scrapers call.</summary>
internal sealed record HttpRateLimitOptions
{
    /// <summary>Whether the limit applies; off only for load tests.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The requests that an address may make at once; 300 by default: a page of one browser makes some ten requests, and an office behind one
    /// address some thirty pages.
    /// </summary>
    public int Burst { get; init; } = 300;

    /// <summary>The requests per minute that an address gains back, up to <see cref="Burst"/>; 1,800 by default.</summary>
    public int PerMinute { get; init; } = 1_800;
}
