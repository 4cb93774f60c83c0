namespace PeerSync.Host.Sockets;

/// <summary>The message budget of one connection.</summary>
/// <remarks>
/// Sixteen bytes in the connection itself: the limiters of System.Threading.RateLimiting, which guard addresses and identities, would cost
/// every idle socket some hundreds of bytes and every message a lock. Not thread-safe: only the socket's reader uses it.
/// </remarks>
internal struct TokenBucket
{
    private double _tokens;
    private long _updated;

    /// <summary>A full bucket.</summary>
    internal TokenBucket(int burst, long now)
    {
        _tokens = burst;
        _updated = now;
    }

    /// <summary>Takes one token, if there is one.</summary>
    /// <param name="now">The time provider's time stamp.</param>
    /// <param name="ticksPerToken">How many time stamp units bring one token.</param>
    /// <param name="burst">The most tokens the bucket holds.</param>
    internal bool TryTake(long now, double ticksPerToken, int burst)
    {
        _tokens = Math.Min(burst, _tokens + ((now - _updated) / ticksPerToken));
        _updated = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
