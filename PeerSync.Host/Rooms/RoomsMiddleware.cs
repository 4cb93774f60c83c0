using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PeerSync.Host.Configuration;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.Rooms;

/// <summary>
/// Lets the product's editor and local pages call what the feature's clients call, and takes its requests on the path that another feature has too. Other
/// requests pass untouched.
/// </summary>
internal sealed class RoomsMiddleware
{
    // The renderer of the product's editor, an installed program: it calls from nowhere else, and no web page can.
    private const string EditorOrigin = "vscode-file://vscode-app";

    private const string LocalOrigin = "http://localhost";

    /// <summary>The path that Sync has too.</summary>
    internal const string TokenPath = "/api/auth/token";

    // Of all features, and asked by this one's clients.
    private static readonly string[] SharedPaths = ["/health", "/api/health"];

    // A preflight names a path and no route. Others' paths are for them to open.
    private static readonly PathString[] OwnPaths =
    [
        "/health", "/api/health", "/api/info", "/api/stats", "/api/rooms", "/api/ice-servers", TokenPath, "/api/auth/validate", "/api/auth/revoke",
        "/api/maintenance", "/api/admin",
    ];

    private readonly RequestDelegate _next;
    private readonly RoomsGuard _guard;
    private readonly Endpoint _tokens;

    public RoomsMiddleware(RequestDelegate next, RoomsTokenEndpoints tokens, RoomsGuard guard)
    {
        _next = next;
        _guard = guard;
        _tokens = new Endpoint(guard.Wrap(tokens.IssueAsync), new EndpointMetadataCollection(RoomsRoute.Instance), "HTTP: POST " + TokenPath);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        var features = ListenerFeatures.Of(context);
        if ((features & ServerFeatures.Rooms) == 0)
        {
            await _next(context);
            return;
        }

        var request = context.Request;
        var isAllowed = IsAllowed(request.Headers.Origin.ToString());
        if (isAllowed && HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod)
            && IsOwnPath(request.Path))
        {
            AnswerPreflight(context);
            return;
        }

        if (HttpMethods.IsPost(request.Method) && request.Path.Equals(TokenPath, StringComparison.OrdinalIgnoreCase)
            && await RoomsTokenEndpoints.IsForRoomsAsync(context))
        {
            context.SetEndpoint(_tokens);
        }

        var isOwn = context.GetEndpoint()?.Metadata.GetMetadata<RoomsRoute>() is not null;
        if (isAllowed && (isOwn || SharedPaths.Contains(request.Path.Value, StringComparer.OrdinalIgnoreCase)))
        {
            AllowOrigin(context);
        }

        if (features == ServerFeatures.Rooms && IsUnknown(context))
        {
            context.SetEndpoint(new Endpoint(_guard.WriteNoRouteAsync, EndpointMetadataCollection.Empty, null));
        }

        await _next(context);
    }

    private static bool IsOwnPath(PathString path) => path == "/" || Array.Exists(OwnPaths, own => path.StartsWithSegments(own));

    // Without credentials in any request, such an origin can do no more than any program on that machine.
    private static bool IsAllowed(string origin) =>
        origin == EditorOrigin
        || (origin.StartsWith(LocalOrigin, StringComparison.Ordinal) && (origin.Length == LocalOrigin.Length || origin[LocalOrigin.Length] == ':'));

    // A listener of this feature alone says so in its clients' words; routing stands for wrong methods with an endpoint that has no pattern.
    private static bool IsUnknown(HttpContext context) =>
        context.GetEndpoint() is null or not RouteEndpoint and { Metadata.Count: 0 }
        && !HttpMethods.IsOptions(context.Request.Method)
        && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true;

    private static void AnswerPreflight(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        headers.AccessControlAllowCredentials = "true";
        headers.AccessControlAllowMethods = "GET,HEAD,PUT,PATCH,POST,DELETE";
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.Vary = "Origin, Access-Control-Request-Headers";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.ContentLength = 0;
    }

    // Written when the answer starts, because the shared policy speaks in between and may not know this origin.
    private static void AllowOrigin(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            var context = (HttpContext)state;
            context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
            return Task.CompletedTask;
        },
        context);
}
