using System.Collections.Concurrent;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sockets;

/// <summary>How many connections one client address may open, at once and over time. Addresses come as keyed hashes.</summary>
/// <remarks>Thread-safe. Addresses that hold nothing are forgotten.</remarks>
internal sealed class AddressLimits : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly KeyedRateLimiter _rate;
    private readonly int _maxOpen;

    /// <param name="enabled">Off lifts both limits, for load tests.</param>
    /// <param name="burst">Connections that one address may open at once.</param>
    /// <param name="refill">The time in which an address gains one connection back.</param>
    /// <param name="maxOpen">Connections that one address may hold.</param>
    internal AddressLimits(bool enabled, int burst, TimeSpan refill, int maxOpen)
    {
        _maxOpen = enabled ? maxOpen : int.MaxValue;
        _rate = new KeyedRateLimiter(enabled, burst, refill);
    }

    /// <summary>Takes a place for one connection, given back by <see cref="Close"/>.</summary>
    internal bool TryOpen(string address)
    {
        if (!_rate.TryAcquire(address, out _))
        {
            return false;
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
    public void Dispose() => _rate.Dispose();
}
