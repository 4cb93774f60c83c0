using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Actors.Sync;

namespace PeerSync.Host.Sync;

/// <summary>The pairs of user and client address that proved themselves lately, in memory.</summary>
/// <remarks>
/// Thread-safe. Kept in two halves of which the older one is dropped when the newer one is full: what is forgotten early is the oldest, and forgetting costs a
/// client nothing but its next login. Pairs are kept as 128 bits of a hash, so that a million of them fit into some fifty megabytes.
/// </remarks>
internal sealed class SyncSessionLog : ISyncSessionLog
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _lifetime;
    private readonly int _halfCapacity;
    private readonly TimeProvider _time;
    private Dictionary<UInt128, long> _newer = [];
    private Dictionary<UInt128, long> _older = [];

    /// <param name="lifetime">How long a pair is known.</param>
    /// <param name="capacity">The most pairs that are kept, at least two.</param>
    /// <param name="time">The clock.</param>
    public SyncSessionLog(TimeSpan lifetime, int capacity, TimeProvider time)
    {
        _lifetime = lifetime;
        _halfCapacity = capacity / 2;
        _time = time;
    }

    /// <summary>The pairs that are kept, expired ones included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _newer.Count + _older.Count;
            }
        }
    }

    /// <inheritdoc/>
    public void Opened(string userId, string addressTag)
    {
        var key = KeyOf(userId, addressTag);
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            if (_newer.Count >= _halfCapacity && !_newer.ContainsKey(key))
            {
                _older = _newer;
                _newer = [];
            }

            _newer[key] = now;
        }
    }

    /// <inheritdoc/>
    public bool IsKnown(string userId, string addressTag)
    {
        var key = KeyOf(userId, addressTag);
        lock (_gate)
        {
            return (_newer.TryGetValue(key, out var opened) || _older.TryGetValue(key, out opened)) && _time.GetElapsedTime(opened) <= _lifetime;
        }
    }

    private static UInt128 KeyOf(string userId, string addressTag)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{userId}\n{addressTag}"), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
