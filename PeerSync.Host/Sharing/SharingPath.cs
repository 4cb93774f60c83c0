using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace PeerSync.Host.Sharing;

/// <summary>Reads what stands in a path.</summary>
internal static class SharingPath
{
    private const string EncodedSlash = "%2F";

    /// <summary>A parameter of the route, decoded once. The server itself leaves slashes encoded, which ids may have.</summary>
    public static string Value(HttpContext context, string name)
    {
        var value = context.Request.RouteValues[name] as string ?? string.Empty;
        if (!value.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase) || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return value;
        }

        // Only the path as sent tells an encoded slash from an encoded percent sign.
        var index = endpoint.RoutePattern.PathSegments.ToList().FindIndex(segment => segment.Parts is [RoutePatternParameterPart part] && part.Name == name);
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? string.Empty;
        var segments = target.Split('?')[0].Split('/');
        if (index < 0 || index + 1 >= segments.Length)
        {
            return value;
        }

        var decoded = Uri.UnescapeDataString(segments[index + 1]);
        return Same(decoded) == Same(value) ? decoded : value;

        static string Same(string text) => text.Replace("/", EncodedSlash, StringComparison.Ordinal).ToUpperInvariant();
    }
}
