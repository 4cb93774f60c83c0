using PeerSync.Host.Configuration;

namespace PeerSync.Host.Http;

/// <summary>Says which feature an endpoint belongs to: listeners that do not name it have no such route.</summary>
internal interface IFeatureRoute
{
    /// <summary>The feature.</summary>
    ServerFeatures Feature { get; }
}

/// <summary>The mark of an endpoint that has no other.</summary>
/// <param name="Feature">The feature.</param>
internal sealed record FeatureRoute(ServerFeatures Feature) : IFeatureRoute;
