using System.Net;

namespace PeerSync.Host.Http;

/// <summary>What all HTTP endpoints share.</summary>
internal sealed record PeerSyncHttpOptions
{
    /// <summary>Which origins may read answers; by default any, as in development.</summary>
    public CorsPolicyOptions Cors { get; init; } = new(Production: false, Origins: []);

    /// <summary>The largest request body in bytes; 102,400 by default, the body parser's limit that clients were written against.</summary>
    public int BodyLimit { get; init; } = 102_400;

    /// <summary>The proxies whose <c>X-Forwarded-For</c> is believed; none by default.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How many requests one address may make.</summary>
    public HttpRateLimitOptions RateLimit { get; init; } = new();
}
