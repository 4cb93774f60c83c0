using System.Globalization;
using System.Text;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.Sync;

/// <summary>
/// Runs this feature's routes with the headers, limits and errors that its clients know. Requests for other routes pass untouched, but for the paths that
/// several products have: there it adds its headers, and takes the requests of its own clients.
/// </summary>
internal sealed partial class SyncMiddleware
{
    private const int MaxAddresses = 100_000;
    private const int MaxRequestId = 128;

    private static readonly HashSet<string> SharedPatterns =
        new(StringComparer.OrdinalIgnoreCase) { "/health", "/api/health", SharedHealth, SharedVerify };

    private readonly RequestDelegate _next;
    private readonly SyncCors _cors;
    private readonly WindowCounter? _limit;
    private readonly string _policy;
    private readonly string _transportSecurity;
    private readonly Dictionary<string, RequestDelegate> _shared;
    private readonly IClientAddresses _addresses;
    private readonly PeerSyncMetrics _metrics;
    private readonly ILogger _logger;

    public SyncMiddleware(
        RequestDelegate next,
        SyncHttpOptions options,
        SyncHealth health,
        SyncAuthentication authentication,
        IClientAddresses addresses,
        PeerSyncMetrics metrics,
        TimeProvider time,
        ILogger<SyncMiddleware> logger)
    {
        _next = next;
        _cors = new SyncCors(options.Cors, options.CorsCredentials);
        _limit = options.LimitsEnabled ? new WindowCounter(options.MaxRequests, options.RequestWindow, MaxAddresses, time) : null;
        _policy = string.Create(CultureInfo.InvariantCulture, $"{options.MaxRequests};w={(long)options.RequestWindow.TotalSeconds}");
        _transportSecurity = options.Production ? "max-age=31536000; includeSubDomains" : "max-age=15552000; includeSubDomains";
        _shared = new Dictionary<string, RequestDelegate>(StringComparer.OrdinalIgnoreCase)
        {
            [SharedHealth] = SyncEndpoints.Guard(authentication, SyncAccess.Proven, "Failed to check health", health.WriteAsync, logger),
            [SharedVerify] = SyncEndpoints.Guard(authentication, SyncAccess.Proven, "Failed to verify token", SyncAccountEndpoints.VerifyTokenAsync, logger),
        };
        _addresses = addresses;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>The health route that Peers has too.</summary>
    internal const string SharedHealth = "/api/v1/health";

    /// <summary>The token check that Peers has too.</summary>
    internal const string SharedVerify = "/api/v1/auth/verify";

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<SyncRoute>() is { } route)
        {
            return RunAsync(context, endpoint.RequestDelegate!, route.IsLimited);
        }

        if ((ListenerFeatures.Of(context) & ServerFeatures.Sync) == 0
            || endpoint is not RouteEndpoint { RoutePattern.RawText: { } pattern }
            || !SharedPatterns.Contains(pattern))
        {
            return _next(context);
        }

        if (_shared.TryGetValue(pattern, out var own) && SyncAuthentication.IsOwnRequest(context.Request))
        {
            return RunAsync(context, own, isLimited: true);
        }

        WriteHeaders(context);
        return _next(context);
    }

    private static string RequestId(HttpContext context)
    {
        // What goes back into a header is text of one line.
        var given = context.Request.Headers["X-Request-ID"].ToString();
        return given.Length is > 0 and <= MaxRequestId && given.All(static c => c is >= ' ' and <= '~') ? given : Guid.NewGuid().ToString();
    }

    private async Task RunAsync(HttpContext context, RequestDelegate handler, bool isLimited)
    {
        WriteHeaders(context);
        context.Response.Headers.StrictTransportSecurity = _transportSecurity;
        if (_cors.TryAnswer(context) || (isLimited && !await TryCountAsync(context)))
        {
            return;
        }

        try
        {
            await handler(context);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to answer and nothing went wrong here.
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await SyncErrors.WriteBadBodyAsync(context, exception);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.UnhandledFault(_logger, Route(context), exception);
            await SyncErrors.WriteInternalAsync(context);
        }
        catch (Exception exception)
        {
            Log.FaultAfterStart(_logger, Route(context), exception);
            context.Abort();
        }
    }

    /// <summary>The route's name rather than the path, which may hold a pairing code.</summary>
    private static string Route(HttpContext context) => context.GetEndpoint()?.DisplayName ?? context.Request.Method;

    private static void WriteHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["X-API-Version"] = "v1";
        headers["X-Request-ID"] = RequestId(context);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.XXSSProtection = "1; mode=block";
    }

    private async ValueTask<bool> TryCountAsync(HttpContext context)
    {
        if (_limit is null)
        {
            return true;
        }

        var count = _limit.Take(_addresses.Hash(context));
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = Text(_limit.Limit);
        headers["RateLimit-Remaining"] = Text(count.Remaining);
        headers["RateLimit-Reset"] = Text(count.ResetSeconds);
        headers["RateLimit-Policy"] = _policy;
        if (count.IsWithin)
        {
            return true;
        }

        _metrics.RateLimited("http");
        headers.RetryAfter = Text(count.ResetSeconds);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("Too many requests from this IP, please try again later."), CancellationToken.None);
        return false;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
