using Microsoft.Net.Http.Headers;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>The cross-origin headers of the Sync routes (PocketBridge contract, section 5.0).</summary>
internal sealed class SyncCors(CorsPolicyOptions policy, bool allowCredentials)
{
    private const string Methods = "GET,POST,PUT,DELETE,OPTIONS";
    private const string Headers = "Content-Type,Authorization,X-User-ID,X-Requested-With,ngrok-skip-browser-warning";

    /// <summary>
    /// Writes the headers and answers a preflight of an allowed origin. One of another origin goes on, without them, and is refused as any other request.
    /// </summary>
    /// <returns>Whether the request has been answered.</returns>
    public bool TryAnswer(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.Origin;
        if (origin.Length == 0 || !policy.Allows(origin.TrimEnd('/')))
        {
            return false;
        }

        headers.AccessControlAllowOrigin = origin;
        if (allowCredentials)
        {
            headers.AccessControlAllowCredentials = "true";
        }

        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return false;
        }

        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = Headers;
        context.Response.StatusCode = StatusCodes.Status200OK;
        headers.ContentLength = 0;
        return true;
    }
}
