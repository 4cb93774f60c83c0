using System.Collections.Concurrent;
using System.Text;
using PeerSync.Protocol.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Whether stored keys are keys: a single bad one among the recipients would make every share with their team fail (Sharing contract, section 12).</summary>
/// <remarks>Thread-safe. What was found good is remembered: the arithmetic takes longer than all the rest.</remarks>
internal sealed class SharingKeyCheck
{
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<string, bool> _good = new(StringComparer.Ordinal);

    /// <summary>Whether the text is a key that clients can import.</summary>
    public bool IsGood(string key)
    {
        if (_good.ContainsKey(key))
        {
            return true;
        }

        if (!SharingPublicKey.TryRead(Encoding.UTF8.GetBytes(key), out _))
        {
            return false;
        }

        if (_good.Count >= Capacity)
        {
            _good.Clear();
        }

        _good[key] = true;
        return true;
    }
}
