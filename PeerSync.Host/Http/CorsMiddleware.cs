using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace PeerSync.Host.Http;

/// <summary>Writes the cross-origin headers and answers preflights.</summary>
/// <remarks>
/// ASP.NET Core's own CORS is not used: it sends no <c>Vary</c> and no credentials header to a request without an allowed origin, and
/// answers only preflights that name a method. Clients and their tooling see the difference (Peers contract, section 1.2).
/// </remarks>
internal sealed class CorsMiddleware(RequestDelegate next, PeerSyncHttpOptions options)
{
    private const string Methods = "GET,HEAD,PUT,PATCH,POST,DELETE";

    private readonly CorsPolicyOptions _policy = options.Cors;

    public Task InvokeAsync(HttpContext context)
    {
        var upgrading = context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true;
        if (!_policy.IsEnabled || upgrading)
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && _policy.Allows(origin))
        {
            headers.AccessControlAllowOrigin = origin;
        }

        headers.AccessControlAllowCredentials = "true";
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            headers.Vary = HeaderNames.Origin;
            return next(context);
        }

        headers.Vary = "Origin, Access-Control-Request-Headers";
        headers.AccessControlAllowMethods = Methods;
        var requested = context.Request.Headers.AccessControlRequestHeaders;
        if (requested.Count > 0)
        {
            headers.AccessControlAllowHeaders = requested;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;

        // Some browsers wait for a body after a 204 that does not say that there is none.
        headers.ContentLength = 0;
        return Task.CompletedTask;
    }
}
