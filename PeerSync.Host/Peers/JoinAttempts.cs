using PeerSync.Host.Http;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Peers;

/// <summary>Counts the invite codes tried by each identity and from each address.</summary>
/// <remarks>Thread-safe. An attempt counts whether or not the code exists: what counted only failures could be outrun by parallel requests.</remarks>
internal sealed class JoinAttempts : IDisposable
{
    private readonly KeyedRateLimiter _perIdentity;
    private readonly KeyedRateLimiter _perAddress;

    public JoinAttempts(JoinLimitOptions options)
    {
        var minute = TimeSpan.FromMinutes(1);
        _perIdentity = new KeyedRateLimiter(options.Enabled, options.PerIdentity, minute / (options.PerIdentityAndMinute ?? options.PerIdentity));
        _perAddress = new KeyedRateLimiter(options.Enabled, options.PerAddress, minute / (options.PerAddressAndMinute ?? options.PerAddress));
    }

    /// <summary>Counts one attempt.</summary>
    /// <param name="user">Who tries.</param>
    /// <param name="addressHash">Where from.</param>
    /// <param name="retryAfter">When refused: the time to wait.</param>
    public bool TryBegin(UserId user, string addressHash, out TimeSpan retryAfter) =>
        _perIdentity.TryAcquire(user.Value, out retryAfter) && _perAddress.TryAcquire(addressHash, out retryAfter);

    public void Dispose()
    {
        _perIdentity.Dispose();
        _perAddress.Dispose();
    }
}
