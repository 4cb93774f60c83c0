using System.Globalization;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Sharing;

/// <summary>
/// Bounds requests (Sharing contract, section 8): attempts to log in for each client address, everything else for each user. Only requests without a login count
/// for their address, because the editors of one office have the same.
/// </summary>
internal sealed class SharingLimits
{
    private const int MaxKeys = 100_000;

    private readonly Bound? _auth;
    private readonly Bound? _reads;
    private readonly Bound? _writes;
    private readonly PeerSyncMetrics _metrics;

    public SharingLimits(PeerSyncOptions options, PeerSyncMetrics metrics, TimeProvider time)
    {
        _metrics = metrics;
        if (options.RateLimits.Enabled)
        {
            var limits = options.Sharing.RestLimits;
            _auth = new Bound(limits.Auth, time);
            _reads = new Bound(limits.Reads, time);
            _writes = new Bound(limits.Writes, time);
        }
    }

    /// <summary>Counts a request and writes what its client is told of the limits.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">How it is counted.</param>
    /// <param name="userId">Who asks, or null.</param>
    /// <param name="address">The client address's hash.</param>
    /// <returns>Whether the request may go on; otherwise it has been answered.</returns>
    public async ValueTask<bool> TryCountAsync(HttpContext context, SharingLimit limit, string? userId, string address)
    {
        var bound = limit switch
        {
            SharingLimit.Auth => _auth,
            SharingLimit.Writes => _writes,
            _ => _reads,
        };
        if (bound is null)
        {
            return true;
        }

        var headers = context.Response.Headers;
        headers["RateLimit-Policy"] = bound.Policy;
        headers["RateLimit-Limit"] = bound.Limit;
        if (limit == SharingLimit.None)
        {
            headers["RateLimit-Remaining"] = bound.Limit;
            headers["RateLimit-Reset"] = bound.Seconds;
            return true;
        }

        var count = bound.Counter.Take(userId is null || limit == SharingLimit.Auth ? "a " + address : "u " + userId);
        headers["RateLimit-Remaining"] = Text(count.Remaining);
        headers["RateLimit-Reset"] = Text(count.ResetSeconds);
        if (count.IsWithin)
        {
            return true;
        }

        _metrics.RateLimited("http");
        headers.RetryAfter = Text(count.ResetSeconds);
        await SharingAnswer.WriteTextAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests, please try again later.");
        return false;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Bound(SharingWindowSettings settings, TimeProvider time)
    {
        public WindowCounter Counter { get; } = new(settings.MaxRequests, settings.Window, MaxKeys, time);

        public string Limit { get; } = Text(settings.MaxRequests);

        public string Seconds { get; } = Text((long)settings.Window.TotalSeconds);

        public string Policy { get; } = $"{Text(settings.MaxRequests)};w={Text((long)settings.Window.TotalSeconds)}";
    }
}
