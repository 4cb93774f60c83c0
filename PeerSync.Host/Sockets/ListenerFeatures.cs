using PeerSync.Host.Configuration;

namespace PeerSync.Host.Sockets;

/// <summary>The features that the listener of a connection serves; a connection feature, so that every request on it carries it.</summary>
internal sealed record ListenerFeatures(ServerFeatures Features)
{
    /// <summary>Those of a request's listener; the admin listener, which names none, has them all.</summary>
    internal static ServerFeatures Of(HttpContext context) => context.Features.Get<ListenerFeatures>()?.Features ?? ServerFeatures.All;
}
