using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Sync;

/// <summary>The budgets of the Sync feature that span connections.</summary>
internal sealed class SyncLimits(bool enabled, PairingLookupLimits pairings, PeerSyncMetrics metrics) : ISyncLimits, IDisposable
{
    // A handshake that fails is no accident of a real client, but a whole household may share an address.
    private readonly KeyedRateLimiter _failedHandshakes = new(enabled, 30, TimeSpan.FromSeconds(6));

    /// <inheritdoc />
    public bool MayLogIn(string addressTag) => Count("login", _failedHandshakes.HasPermit(addressTag));

    /// <inheritdoc />
    public void LoginFailed(string addressTag) => _failedHandshakes.TryAcquire(addressTag, out _);

    /// <inheritdoc />
    public bool TryPairing(string addressTag) => Count("pairing", pairings.TryBegin(addressTag, out _));

    /// <inheritdoc />
    public void PairingSucceeded(string addressTag) => pairings.Succeeded(addressTag);

    /// <inheritdoc />
    public void Dispose() => _failedHandshakes.Dispose();

    private bool Count(string kind, bool allowed)
    {
        if (!allowed)
        {
            metrics.RateLimited(kind);
        }

        return allowed;
    }
}
