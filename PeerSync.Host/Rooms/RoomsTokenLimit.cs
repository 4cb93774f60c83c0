using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Rooms;

/// <summary>Bounds the tokens made for one client address.</summary>
internal sealed class RoomsTokenLimit(bool enabled, TokenBucketSettings bucket) : IDisposable
{
    private readonly KeyedRateLimiter _limiter = new(enabled, bucket.Burst, bucket.Period / bucket.Tokens);

    /// <summary>Takes one permit.</summary>
    public bool TryAcquire(string address, out TimeSpan retryAfter) => _limiter.TryAcquire(address, out retryAfter);

    public void Dispose() => _limiter.Dispose();
}
