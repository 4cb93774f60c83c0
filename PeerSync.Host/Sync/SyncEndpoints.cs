using PeerSync.Host.OpenApi;
using PeerSync.Storage;

namespace PeerSync.Host.Sync;

/// <summary>A handler that knows who calls.</summary>
/// <param name="context">The request.</param>
/// <param name="caller">The caller.</param>
internal delegate Task SyncHandler(HttpContext context, SyncCaller caller);

/// <summary>Maps routes the way the originals know them: in two places, with every method that they lack answered only to those who may ask.</summary>
internal static partial class SyncEndpoints
{
    private static readonly string[] Prefixes = ["/api", "/api/v1"];

    /// <summary>Maps a route under <c>/api</c> and <c>/api/v1</c>.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="pattern">What follows the prefix, from its slash on.</param>
    /// <param name="handlers">The methods with their handlers and descriptions; HEAD works wherever GET does.</param>
    /// <param name="authentication">For the methods that there are no handlers for.</param>
    public static void MapSync(
        this IEndpointRouteBuilder routes,
        string pattern,
        SyncAuthentication authentication,
        params (string Method, RequestDelegate Handler, Func<RouteDescription> Describe)[] handlers)
    {
        (string, RequestDelegate)[] dispatched = [.. handlers.Select(static handler => (handler.Method, handler.Handler))];
        foreach (var prefix in Prefixes)
        {
            var endpoint = routes.Map(prefix + pattern, context => DispatchAsync(context, authentication, dispatched)).WithMetadata(new SyncRoute(IsLimited: true));
            if (prefix != Prefixes[0])
            {
                endpoint.ExcludeFromDescription();
                continue;
            }

            foreach (var (method, _, describe) in handlers)
            {
                endpoint.Describe(method, describe);
            }
        }
    }

    /// <summary>A handler that is called only with a caller, and whose failing database is told with a text of its own.</summary>
    /// <param name="authentication">Finds the caller.</param>
    /// <param name="access">The proof that is demanded.</param>
    /// <param name="failure">What a client is told when the database fails.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="logger">Hears of the failure.</param>
    public static RequestDelegate Guard(SyncAuthentication authentication, SyncAccess access, string failure, SyncHandler handler, ILogger logger) =>
        Guard(failure, logger, async context =>
        {
            if (await authentication.RequireAsync(context, access) is { } caller)
            {
                await handler(context, caller);
            }
        });

    /// <summary>A handler whose failing database is told with a text of its own.</summary>
    public static RequestDelegate Guard(string failure, ILogger logger, RequestDelegate handler) => async context =>
    {
        try
        {
            await handler(context);
        }
        catch (StorageUnavailableException exception)
        {
            Log.StorageUnavailable(logger, failure, exception);
            await SyncErrors.WriteAsync(context, StatusCodes.Status500InternalServerError, failure);
        }
    };

    /// <summary>Calls the handler of the request's method. A method without one is refused first to those who may not ask at all.</summary>
    public static async Task DispatchAsync(HttpContext context, SyncAuthentication authentication, (string Method, RequestDelegate Handler)[] handlers)
    {
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        foreach (var (known, handler) in handlers)
        {
            if (HttpMethods.Equals(known, method))
            {
                await handler(context);
                return;
            }
        }

        if (await authentication.RequireAsync(context, SyncAccess.Proven) is not null)
        {
            await SyncErrors.WriteNotFoundAsync(context);
        }
    }
}
