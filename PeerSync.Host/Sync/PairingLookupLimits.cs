using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>Bounds how many wrong pairing codes one address, and all addresses together, may try.</summary>
/// <remarks>
/// Thread-safe. A try counts from its beginning and is given back when the code was right: what counted only failures could be outrun by parallel requests.
/// </remarks>
internal sealed class PairingLookupLimits(int perAddress, int inAll, TimeSpan window, TimeProvider time)
{
    private const int MaxAddresses = 100_000;
    private const string Everybody = "";

    private readonly WindowCounter _perAddress = new(perAddress, window, MaxAddresses, time);
    private readonly WindowCounter _inAll = new(inAll, window, capacity: 2, time);

    /// <summary>Counts one try.</summary>
    /// <param name="addressTag">Where from.</param>
    /// <param name="retryAfterSeconds">When refused: the time to wait.</param>
    public bool TryBegin(string addressTag, out long retryAfterSeconds)
    {
        var own = _perAddress.Take(addressTag);
        retryAfterSeconds = own.ResetSeconds;
        if (!own.IsWithin)
        {
            return false;
        }

        var all = _inAll.Take(Everybody);
        retryAfterSeconds = all.ResetSeconds;
        if (!all.IsWithin)
        {
            _perAddress.GiveBack(addressTag);
        }

        return all.IsWithin;
    }

    /// <summary>The code was right.</summary>
    /// <param name="addressTag">Where from.</param>
    public void Succeeded(string addressTag)
    {
        _perAddress.GiveBack(addressTag);
        _inAll.GiveBack(Everybody);
    }
}
