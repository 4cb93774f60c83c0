using Microsoft.Net.Http.Headers;
using PeerSync.Actors.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;
using PeerSync.Storage;

namespace PeerSync.Host.Calls;

/// <summary>
/// Runs this feature's routes with the headers, limits and errors that its clients know (Calls contract, section 2). Requests for other routes pass untouched, but
/// for those that its probes share with others': they get the name of the request and are timed.
/// </summary>
internal sealed partial class CallsMiddleware(
    RequestDelegate next,
    PeerSyncHttpOptions http,
    CallsAccess access,
    CallsLimits limits,
    CallsMetrics metrics,
    CallsCounters counters,
    IClientAddresses addresses,
    TimeProvider time,
    ILogger<CallsMiddleware> logger)
{
    private const string RequestId = "X-Request-ID";
    private const string Methods = "GET,POST,PUT,DELETE";
    private const string Headers = "Content-Type,Authorization";
    private const int MaxRequestId = 128;

    private static readonly HashSet<string> SharedPatterns = new(StringComparer.OrdinalIgnoreCase) { "/health", "/health/ready", "/metrics" };

    public Task InvokeAsync(HttpContext context)
    {
        if ((ListenerFeatures.Of(context) & ServerFeatures.Calls) == 0 || context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } pattern } endpoint)
        {
            return next(context);
        }

        if (endpoint.Metadata.GetMetadata<CallsRoute>() is not null)
        {
            return TimedAsync(context, pattern, context => RunAsync(context, pattern, endpoint.RequestDelegate!));
        }

        if (!SharedPatterns.Contains(pattern))
        {
            return next(context);
        }

        // Another feature may have named the request before.
        if (!context.Response.Headers.ContainsKey(RequestId))
        {
            WriteRequestId(context);
        }

        return TimedAsync(context, pattern, next);
    }

    private async Task TimedAsync(HttpContext context, string pattern, RequestDelegate handler)
    {
        var started = time.GetTimestamp();
        await handler(context);
        metrics.RequestEnded(context.Request.Method, pattern, context.Response.StatusCode, time.GetElapsedTime(started));
    }

    private void WriteRequestId(HttpContext context)
    {
        // What goes back into a header is text of one line.
        var given = context.Request.Headers[RequestId].ToString();
        var isUsable = given.Length is > 0 and <= MaxRequestId && given.All(static c => c is >= ' ' and <= '~');
        context.Response.Headers[RequestId] = isUsable
            ? given
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.GetUtcNow().ToUnixTimeMilliseconds()}-{Guid.NewGuid():N}");
    }

    private void WriteHeaders(HttpContext context)
    {
        WriteRequestId(context);
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers.StrictTransportSecurity = "max-age=15552000; includeSubDomains";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (!http.Cors.IsEnabled)
        {
            return;
        }

        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && http.Cors.Allows(origin))
        {
            headers.AccessControlAllowOrigin = origin;
        }

        headers.AccessControlAllowCredentials = "true";
        headers.Vary = HeaderNames.Origin;
    }

    private async Task RunAsync(HttpContext context, string pattern, RequestDelegate handler)
    {
        WriteHeaders(context);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            await AnswerPreflightAsync(context);
            return;
        }

        access.Read(context, out var claims);
        try
        {
            if (await limits.TryCountAsync(context, $"{context.Request.Method} {pattern}", claims?.DeviceId, addresses.Hash(context)))
            {
                await handler(context);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer and nothing went wrong here.
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await (exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? HttpErrors.WriteTooLargeAsync(context)
                : HttpErrors.WriteAsync(context, StatusCodes.Status400BadRequest, "Malformed request body"));
        }
        catch (StorageUnavailableException exception) when (!context.Response.HasStarted)
        {
            counters.Errors.Increment("storage", "http");
            Log.StorageUnavailable(logger, pattern, exception);
            await HttpErrors.WriteUnavailableAsync(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            counters.Errors.Increment("internal", "http");
            Log.Fault(logger, pattern, exception);
            await HttpErrors.WriteInternalAsync(context);
        }
    }

    private Task AnswerPreflightAsync(HttpContext context)
    {
        if (!http.Cors.IsEnabled)
        {
            return HttpErrors.WriteNoRouteAsync(context);
        }

        context.Response.Headers.AccessControlAllowMethods = Methods;
        context.Response.Headers.AccessControlAllowHeaders = Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;

        // Some browsers wait for a body after a 204 that does not say that there is none.
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Route} failed.", EventName = "CallsRequestFailed")]
        public static partial void Fault(ILogger logger, string route, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Route} was refused because the database does not answer.", EventName = "CallsStorageUnavailable")]
        public static partial void StorageUnavailable(ILogger logger, string route, Exception exception);
    }
}
