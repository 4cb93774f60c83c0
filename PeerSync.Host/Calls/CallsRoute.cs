using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Calls;

/// <summary>Marks an endpoint as one of this feature alone: its answers, limits and cross-origin headers are those of its own clients.</summary>
internal sealed class CallsRoute : IFeatureRoute
{
    private CallsRoute()
    {
    }

    public static CallsRoute Instance { get; } = new();

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Calls;
}
