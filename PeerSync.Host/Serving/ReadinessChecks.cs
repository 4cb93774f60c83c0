using PeerSync.Host.Health;
using PeerSync.Host.Identity;
using PeerSync.Storage;

namespace PeerSync.Host.Serving;

/// <summary>Asks the database, and whether it would accept a write.</summary>
internal sealed class StorageReadinessCheck(DataStore store) : IReadinessCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public string Name => "storage";

    /// <inheritdoc />
    public async ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken)
    {
        var health = await store.CheckAsync(Deadline, cancellationToken);
        return health.IsHealthy ? ReadinessResult.Ready : ReadinessResult.NotReady(health.Fault ?? "The database does not answer.");
    }
}

/// <summary>Whether tokens can be verified: at least one key is there.</summary>
internal sealed class IdentityReadinessCheck(IdentityServices identity) : IReadinessCheck
{
    /// <inheritdoc />
    public string Name => "identity";

    /// <inheritdoc />
    public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellationToken) =>
        new(identity.GetReadiness().IsReady ? ReadinessResult.Ready : ReadinessResult.NotReady("No key to verify tokens with has been fetched yet."));
}
