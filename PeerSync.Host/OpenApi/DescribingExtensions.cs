namespace PeerSync.Host.OpenApi;

/// <summary>
/// Marks endpoints for the OpenAPI documents. An endpoint that is not marked is one that <c>ExcludeFromDescription</c> leaves out: another path to a described
/// one, a preflight, or the operator's alone.
/// </summary>
internal static class DescribingExtensions
{
    /// <summary>Says how an endpoint of one method is described.</summary>
    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, Func<RouteDescription> describe) =>
        endpoint.WithMetadata(new DescribedOperation(null, describe));

    /// <summary>Says how one method of an endpoint that finds its method by itself is described.</summary>
    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, string method, Func<RouteDescription> describe) =>
        endpoint.WithMetadata(new DescribedOperation(method, describe));
}
