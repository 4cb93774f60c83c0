using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Host.Sync;

/// <summary>Remembers signatures that have been accepted, so that nobody who saw one can send it again while its timestamp is young enough.</summary>
/// <remarks>Thread-safe. Full, it refuses: what it cannot remember could be replayed.</remarks>
internal sealed class SignatureReplays(TimeSpan lifetime, int capacity, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, long> _seen = [];
    private readonly Queue<(UInt128 Key, long At)> _order = [];

    /// <summary>Accepts a signature that was verified, once.</summary>
    /// <param name="userId">Whose it is, in lower case.</param>
    /// <param name="timestamp">The signed timestamp. Ed25519 is deterministic, so a client that signs the same change twice in one millisecond sends a replay.</param>
    /// <param name="signature">The signature in hex.</param>
    /// <returns>False when it was accepted before, or cannot be remembered.</returns>
    public bool TryAccept(string userId, long timestamp, string signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{userId}\n{timestamp}\n{signature.ToLowerInvariant()}")), hash);
        var key = MemoryMarshal.Read<UInt128>(hash);
        var now = time.GetTimestamp();
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > lifetime)
            {
                _order.Dequeue();
                _seen.Remove(oldest.Key);
            }

            if (_seen.Count >= capacity || !_seen.TryAdd(key, now))
            {
                return false;
            }

            _order.Enqueue((key, now));
            return true;
        }
    }
}
