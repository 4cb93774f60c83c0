using System.Threading.RateLimiting;

namespace PeerSync.Host.Http;

/// <summary>A token bucket per key. Buckets that are full again are dropped after some seconds, so the keys held are those seen lately.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KeyedRateLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<string>? _limiter;

    /// <param name="enabled">Whether anything is limited at all.</param>
    /// <param name="burst">The permits that a key starts with and may save up.</param>
    /// <param name="refill">The time in which a key gains one permit back.</param>
    public KeyedRateLimiter(bool enabled, int burst, TimeSpan refill)
    {
        if (!enabled)
        {
            return;
        }

        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = refill,
            AutoReplenishment = false,
        };
        _limiter = PartitionedRateLimiter.Create<string, string>(
            key => RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket), StringComparer.Ordinal);
    }

    /// <summary>Takes one permit.</summary>
    /// <param name="key">Who asks.</param>
    /// <param name="retryAfter">When refused: the time after which a permit will be there.</param>
    public bool TryAcquire(string key, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_limiter is null)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(key);
        if (!lease.IsAcquired)
        {
            lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter);
        }

        return lease.IsAcquired;
    }

    /// <summary>Whether a permit is there; takes none.</summary>
    /// <param name="key">Who asks.</param>
    public bool HasPermit(string key)
    {
        if (_limiter is null)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(key, 0);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter?.Dispose();
}
