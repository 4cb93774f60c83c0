using Microsoft.AspNetCore.Http.Metadata;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Rooms;

/// <summary>Marks a route as the Rooms feature's, which has errors and a body limit of its own.</summary>
internal sealed class RoomsRoute : IFeatureRoute, IRequestSizeLimitMetadata
{
    /// <summary>A body a little above the limit is read to its end, so that its sender gets the answer instead of a reset connection.</summary>
    private const int DrainFactor = 8;

    private RoomsRoute()
    {
    }

    public static RoomsRoute Instance { get; } = new();

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Rooms;

    /// <inheritdoc />
    public long? MaxRequestBodySize => RoomsInput.Limit * DrainFactor;
}
