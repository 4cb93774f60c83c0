namespace PeerSync.Host.OpenApi;

/// <summary>An endpoint's mark: how one of its methods is described. The description is made when a document is, so that a server whom nobody asks keeps none.</summary>
/// <param name="Method">The HTTP method; null for an endpoint that has only one, HEAD beside GET not counted.</param>
/// <param name="Describe">Makes the description.</param>
internal sealed record DescribedOperation(string? Method, Func<RouteDescription> Describe);
