using Microsoft.AspNetCore.Http.Metadata;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>Marks an endpoint as one of this feature alone: its answers, limits and cross-origin headers are those of its own clients.</summary>
/// <param name="IsLimited">Whether requests count against the limit per client address.</param>
internal sealed record SyncRoute(bool IsLimited) : IRequestSizeLimitMetadata, IFeatureRoute
{
    // What is above the limit is read a while and thrown away, so that its sender gets the answer instead of a reset connection.
    private const int DrainFactor = 2;

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Sync;

    /// <summary>The server's bound; <see cref="SyncBody.Limit"/> is what the routes accept.</summary>
    public long? MaxRequestBodySize => SyncBody.Limit * DrainFactor;
}
