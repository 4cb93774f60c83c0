using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;
using PeerSync.Host.Sharing.Description;

namespace PeerSync.Host.Sharing;

/// <summary>Maps the routes of this feature: below the base path, and where its README has them.</summary>
internal sealed class SharingRoutes(IEndpointRouteBuilder routes)
{
    private const string ProtectedPath = "/protected";
    private const string Pairing = "/keys/pairing/";

    // The README leaves /protected out, and the base path too.
    private static readonly string[] AliasedPrefixes = ["/keys/", "/code-share/", "/teams/"];

    /// <summary>Maps a route that needs no token.</summary>
    /// <param name="method">GET brings HEAD with it.</param>
    /// <param name="pattern">Below the base path; empty for that path itself.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="limit">How its requests are counted.</param>
    public IEndpointConventionBuilder Open(string method, string pattern, RequestDelegate handler, SharingLimit limit = SharingLimit.Reads) =>
        Map(method, SharingRoute.BasePath + pattern, handler, new SharingRoute(limit, null));

    /// <summary>Maps a route for those who have an access token.</summary>
    /// <param name="method">GET brings HEAD with it.</param>
    /// <param name="pattern">Below <c>/protected</c>, for example <c>/teams/{teamId}/invite</c>.</param>
    /// <param name="handler">Answers.</param>
    /// <returns>Adds to the route itself and to its aliases.</returns>
    public IEndpointConventionBuilder Protected(string method, string pattern, Func<HttpContext, SharingCaller, Task> handler)
    {
        var endpoints = new List<IEndpointConventionBuilder> { ProtectedAt(method, ProtectedPath + pattern, handler) };
        foreach (var alias in Aliases(pattern))
        {
            endpoints.Add(ProtectedAt(method, alias, handler).ExcludeFromDescription());
            endpoints.Add(MapProtected(method, alias, handler).ExcludeFromDescription());
        }

        return new Together(endpoints);
    }

    /// <summary>Maps a route for those who have an access token anywhere below the base path.</summary>
    public IEndpointConventionBuilder ProtectedAt(string method, string pattern, Func<HttpContext, SharingCaller, Task> handler) =>
        MapProtected(method, SharingRoute.BasePath + pattern, handler);

    private static IEnumerable<string> Aliases(string pattern)
    {
        if (AliasedPrefixes.Any(prefix => pattern.StartsWith(prefix, StringComparison.Ordinal)))
        {
            yield return pattern;
        }

        if (pattern.StartsWith(Pairing, StringComparison.Ordinal))
        {
            yield return string.Concat("/pairing/", pattern.AsSpan(Pairing.Length));
        }
    }

    private IEndpointConventionBuilder MapProtected(string method, string pattern, Func<HttpContext, SharingCaller, Task> handler)
    {
        var limit = HttpMethods.IsGet(method) ? SharingLimit.Reads : SharingLimit.Writes;

        // The middleware runs the handler, because it knows who asks.
        return Map(method, pattern, SharingAnswer.WriteNoRouteAsync, new SharingRoute(limit, handler));
    }

    private IEndpointConventionBuilder Map(string method, string pattern, RequestDelegate handler, SharingRoute route)
    {
        var endpoint = HttpMethods.IsGet(method) ? routes.MapRead(pattern, handler) : routes.MapMethods(pattern, [method], handler);
        endpoint.WithMetadata(route);
        if (pattern.StartsWith(SharingRoute.BasePath, StringComparison.Ordinal)
            && SharingDescriptions.Find(method, pattern[SharingRoute.BasePath.Length..]) is { } describe)
        {
            endpoint.Describe(describe);
        }

        return endpoint;
    }

    private sealed class Together(List<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention) => endpoints.ForEach(endpoint => endpoint.Add(convention));

        public void Finally(Action<EndpointBuilder> finallyConvention) => endpoints.ForEach(endpoint => endpoint.Finally(finallyConvention));
    }
}
