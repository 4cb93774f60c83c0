using Microsoft.Net.Http.Headers;

namespace PeerSync.Host.OpenApi;

/// <summary>Conditional requests.</summary>
internal static class EntityTags
{
    /// <summary>Whether the caller has what a tag stands for (RFC 9110, section 13.1.2).</summary>
    public static bool Match(HttpRequest request, string tag)
    {
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known))
        {
            return false;
        }

        var own = EntityTagHeaderValue.Parse(tag);
        return known.Any(other => other.Compare(own, useStrongComparison: false) || other.Equals(EntityTagHeaderValue.Any));
    }
}
