using PeerSync.Actors.Peers;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Peers;

/// <summary>The budgets of the Peers feature that span connections.</summary>
internal sealed class PeersLimits : IPeersLimits, IDisposable
{
    private readonly KeyedRateLimiter _failedLogins;
    private readonly KeyedRateLimiter _requests;
    private readonly PeerSyncMetrics _metrics;

    public PeersLimits(RateLimitSettings settings, PeerSyncMetrics metrics)
    {
        _failedLogins = Limiter(settings.Enabled, settings.FailedLoginsPerAddress);
        _requests = Limiter(settings.Enabled, settings.RequestsPerIdentity);
        _metrics = metrics;
    }

    /// <inheritdoc />
    public bool MayLogIn(string addressTag) => Count("login", _failedLogins.HasPermit(addressTag));

    /// <inheritdoc />
    public void LoginFailed(string addressTag) => _failedLogins.TryAcquire(addressTag, out _);

    /// <inheritdoc />
    public bool TryRequest(UserId userId) => Count("request", _requests.TryAcquire(userId.Value, out _));

    /// <inheritdoc />
    public void Dispose()
    {
        _failedLogins.Dispose();
        _requests.Dispose();
    }

    private static KeyedRateLimiter Limiter(bool enabled, TokenBucketSettings bucket) => new(enabled, bucket.Burst, bucket.Period / bucket.Tokens);

    private bool Count(string kind, bool allowed)
    {
        if (!allowed)
        {
            _metrics.RateLimited(kind);
        }

        return allowed;
    }
}
