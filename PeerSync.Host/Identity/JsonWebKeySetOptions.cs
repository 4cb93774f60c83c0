namespace PeerSync.Host.Identity;

/// <summary>How a published key set is fetched and kept.</summary>
internal sealed record JsonWebKeySetOptions
{
    /// <summary>How old a set may become before it is fetched again; the identity service's own caches keep it as long.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The least time between two fetches, however many unknown keys are asked for. A failed fetch is retried earlier, with a growing delay up to this.
    /// </summary>
    public TimeSpan MinimumRefreshInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The delay after a first failed fetch; it doubles up to <see cref="MinimumRefreshInterval"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one fetch may take: half of the ten seconds that a client has to authenticate, so that it is told in time.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest document that is read, in bytes.</summary>
    public int MaxDocumentSize { get; init; } = 256 * 1024;

    /// <summary>How long a key name that the service did not know causes no further fetch.</summary>
    public TimeSpan UnknownKeyLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many such names are remembered; beyond it the oldest are forgotten.</summary>
    public int MaxUnknownKeys { get; init; } = 1024;
}
