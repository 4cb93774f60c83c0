using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;
using PeerSync.Storage;

namespace PeerSync.Host.Sharing;

/// <summary>
/// Answers everything below this feature's base path, and its routes elsewhere, with the headers, limits and errors that its clients know (Sharing contract,
/// section 1). Other requests pass untouched, and upgrades too.
/// </summary>
internal sealed partial class SharingMiddleware(
    RequestDelegate next,
    PeerSyncHttpOptions http,
    SharingAccess access,
    SharingLimits limits,
    SharingMetrics metrics,
    IClientAddresses addresses,
    TimeProvider time,
    ILogger<SharingMiddleware> logger)
{
    private const string Methods = "GET,HEAD,PUT,POST,DELETE,PATCH";
    private const string AllowedHeaders = "Authorization, Content-Type";
    private const string NoRoute = "none";

    private static readonly string[] GuardedPaths =
    [
        SharingRoute.BasePath + "/protected/keys",
        SharingRoute.BasePath + "/protected/code-share",
        SharingRoute.BasePath + "/protected/teams",
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        var route = endpoint?.Metadata.GetMetadata<SharingRoute>();
        var isOwn = route is not null
            || (context.Request.Path.StartsWithSegments(SharingRoute.BasePath) && (ListenerFeatures.Of(context) & ServerFeatures.Sharing) != 0);
        return isOwn && context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true ? RunAsync(context, endpoint, route) : next(context);
    }

    private async Task RunAsync(HttpContext context, Endpoint? endpoint, SharingRoute? route)
    {
        var started = time.GetTimestamp();
        WriteHeaders(context, started);
        var pattern = (endpoint as RouteEndpoint)?.RoutePattern.RawText is { } text && route is not null ? text : NoRoute;
        try
        {
            await (HttpMethods.IsOptions(context.Request.Method) ? AnswerPreflightAsync(context) : AnswerAsync(context, endpoint, route));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer and nothing went wrong here.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.ContentLength = null;
            await AnswerFaultAsync(context, pattern, exception);
        }
        catch (Exception exception)
        {
            Log.FaultAfterStart(logger, pattern, exception);
            context.Abort();
        }

        metrics.RequestEnded(MethodName(context.Request.Method), pattern, context.Response.StatusCode, time.GetElapsedTime(started));
    }

    // Whoever asks may invent methods; the metrics' labels stay few.
    private static string MethodName(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method)
            || HttpMethods.IsPut(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
            ? HttpMethods.GetCanonicalizedValue(method)
            : "other";

    private async Task AnswerAsync(HttpContext context, Endpoint? endpoint, SharingRoute? route)
    {
        var isGuarded = route?.Handler is not null || (route is null && GuardedPaths.Any(path => context.Request.Path.StartsWithSegments(path)));
        var caller = isGuarded ? await access.IdentifyAsync(context) : null;
        if (!await limits.TryCountAsync(context, route?.Limit ?? SharingLimit.Reads, caller?.UserId, addresses.Hash(context)))
        {
            return;
        }

        if (isGuarded && caller is null)
        {
            await SharingAccess.WriteUnauthorizedAsync(context);
        }
        else if (route is null)
        {
            await SharingAnswer.WriteNoRouteAsync(context);
        }
        else
        {
            AllowBody(context);
            await (route.Handler is { } handler ? handler(context, caller!) : endpoint!.RequestDelegate!(context));
        }
    }

    // The server's own limit is for the small bodies of other routes. What is above the route's is answered by whoever reads it.
    private static void AllowBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature && feature.MaxRequestBodySize is { } most)
        {
            feature.MaxRequestBodySize = Math.Max(most, SharingBodyLimit.Of(context).Bytes * SharingBodyLimit.DrainFactor);
        }
    }

    private Task AnswerFaultAsync(HttpContext context, string pattern, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return SharingBody.WriteTooLargeAsync(context);
            case BadHttpRequestException:
                return SharingBody.WriteInvalidAsync(context);
            case StorageUnavailableException:
                Log.StorageUnavailable(logger, pattern, exception);
                context.Response.Headers.RetryAfter = "1";
                return SharingAnswer.WriteTextAsync(context, StatusCodes.Status503ServiceUnavailable, "Service Unavailable");
            default:
                Log.Fault(logger, pattern, exception);
                return SharingAnswer.WriteTextAsync(context, StatusCodes.Status500InternalServerError, "Internal Server Error");
        }
    }

    private void WriteHeaders(HttpContext context, long started)
    {
        var headers = context.Response.Headers;
        headers["X-Powered-By"] = "Osmynt";
        headers.XContentTypeOptions = "nosniff";
        context.Response.OnStarting(() =>
        {
            headers["X-Response-Time"] = string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(started).TotalMilliseconds:0.###}ms");
            return Task.CompletedTask;
        });
        if (!http.Cors.IsEnabled)
        {
            return;
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && http.Cors.Allows(origin))
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
        }

        headers.Vary = HeaderNames.Origin;
    }

    private Task AnswerPreflightAsync(HttpContext context)
    {
        if (!http.Cors.IsEnabled)
        {
            return SharingAnswer.WriteNoRouteAsync(context);
        }

        context.Response.Headers.AccessControlAllowMethods = Methods;
        context.Response.Headers.AccessControlAllowHeaders = AllowedHeaders;
        context.Response.StatusCode = StatusCodes.Status204NoContent;

        // Some browsers wait for a body after a 204 that does not say that there is none.
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
