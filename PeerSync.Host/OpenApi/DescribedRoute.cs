using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.OpenApi;

/// <summary>An endpoint's operation as the documents show it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path from its slash on, with the names of its parameters in braces.</param>
/// <param name="Parameters">The names of the path's parameters, in their order.</param>
/// <param name="Feature">Whose it is; <see cref="ServerFeatures.None"/> where all features share it.</param>
/// <param name="Description">What is said of it.</param>
internal sealed record DescribedRoute(string Method, string Path, IReadOnlyList<string> Parameters, ServerFeatures Feature, RouteDescription Description)
{
    /// <summary>The operations of the server's endpoints, in the order in which they were mapped.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="served">The features that a listener serves; what belongs to others is left out.</param>
    public static IReadOnlyList<DescribedRoute> Read(IEnumerable<Endpoint> endpoints, ServerFeatures served)
    {
        var routes = new List<DescribedRoute>();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            var feature = endpoint.Metadata.GetMetadata<IFeatureRoute>()?.Feature ?? ServerFeatures.None;
            var isExcluded = endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription == true;
            if (isExcluded || (feature != ServerFeatures.None && (feature & served) == 0))
            {
                continue;
            }

            foreach (var operation in endpoint.Metadata.GetOrderedMetadata<DescribedOperation>())
            {
                var parameters = endpoint.RoutePattern.Parameters.Select(static parameter => parameter.Name);
                routes.Add(new DescribedRoute(MethodOf(endpoint, operation), PathOf(endpoint.RoutePattern), [.. parameters], feature, operation.Describe()));
            }
        }

        return routes;
    }

    private static string MethodOf(RouteEndpoint endpoint, DescribedOperation operation) =>
        operation.Method
        ?? endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Single(static method => !HttpMethods.IsHead(method))
        ?? throw new InvalidOperationException($"The description of {endpoint.RoutePattern.RawText} does not say for which method it is.");

    // Without constraints and defaults, which a reader of the document has no use for.
    private static string PathOf(RoutePattern pattern)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                _ = part switch
                {
                    RoutePatternLiteralPart literal => path.Append(literal.Content),
                    RoutePatternSeparatorPart separator => path.Append(separator.Content),
                    RoutePatternParameterPart parameter => path.Append('{').Append(parameter.Name).Append('}'),
                    _ => path,
                };
            }
        }

        return path.Length == 0 ? "/" : path.ToString();
    }
}
