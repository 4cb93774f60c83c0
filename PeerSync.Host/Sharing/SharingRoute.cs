using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sharing;

/// <summary>Marks an endpoint as one of this feature alone: its answers, limits and cross-origin headers are those of its own clients.</summary>
/// <param name="Limit">How its requests are counted.</param>
/// <param name="Handler">Answers whoever has a token; null where the endpoint is open to all and answers itself.</param>
internal sealed record SharingRoute(SharingLimit Limit, Func<HttpContext, SharingCaller, Task>? Handler) : IFeatureRoute
{
    /// <summary>Below it lie this feature's routes.</summary>
    public const string BasePath = "/osmynt-api-engine";

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Sharing;
}

/// <summary>How requests are counted.</summary>
internal enum SharingLimit
{
    /// <summary>Not at all: probes.</summary>
    None,

    /// <summary>As attempts to log in, for each client address.</summary>
    Auth,

    /// <summary>As reads of a user, or of a client address without a login.</summary>
    Reads,

    /// <summary>As writes likewise.</summary>
    Writes,
}
