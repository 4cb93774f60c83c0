using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace PeerSync.Host.Sockets;

/// <summary>How many connections one client address may open, at once and over time. Addresses come as keyed hashes.</summary>
/// <remarks>Thread-safe. Addresses that hold nothing are forgotten.</remarks>
internal sealed class AddressLimits : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<string>? _rate;
    private readonly int _maxOpen;

    /// <param name="enabled">Off lifts both limits, for load tests.</param>
    /// <param name="burst">Connections that one address may open at once.</param>
    /// <param name="perSecond">Connections a second that one address may open in the long run.</param>
    /// <param name="maxOpen">Connections that one address may hold.</param>
    internal AddressLimits(bool enabled, int burst, int perSecond, int maxOpen)
    {
        _maxOpen = enabled ? maxOpen : int.MaxValue;
        if (enabled)
        {
            _rate = PartitionedRateLimiter.Create<string, string>(address => RateLimitPartition.GetTokenBucketLimiter(
                address,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = perSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = 0,
                    AutoReplenishment = true,
                }));
        }
    }

    /// <summary>Takes a place for one connection, given back by <see cref="Close"/>.</summary>
    internal bool TryOpen(string address)
    {
        if (_rate is not null)
        {
            using var lease = _rate.AttemptAcquire(address);
            if (!lease.IsAcquired)
            {
                return false;
            }
        }

        if (_open.AddOrUpdate(address, 1, static (_, count) => count + 1) <= _maxOpen)
        {
            return true;
        }

        Close(address);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    internal void Close(string address)
    {
        while (_open.TryGetValue(address, out var count))
        {
            var done = count == 1
                ? _open.TryRemove(new KeyValuePair<string, int>(address, 1))
                : _open.TryUpdate(address, count - 1, count);
            if (done)
            {
                return;
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _rate?.Dispose();
}
