using PeerSync.Host.Metrics;

namespace PeerSync.Host.Http;

/// <summary>Bounds the requests per client address.</summary>
internal sealed class HttpRateLimitMiddleware : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly IClientAddresses _addresses;
    private readonly PeerSyncMetrics _metrics;
    private readonly KeyedRateLimiter _limiter;

    public HttpRateLimitMiddleware(
        RequestDelegate next,
        PeerSyncHttpOptions options,
        IClientAddresses addresses,
        PeerSyncMetrics metrics,
        IHostApplicationLifetime lifetime)
    {
        _next = next;
        _addresses = addresses;
        _metrics = metrics;
        var limit = options.RateLimit;
        _limiter = new KeyedRateLimiter(limit.Enabled, limit.Burst, TimeSpan.FromMinutes(1) / limit.PerMinute);

        // Nobody disposes a middleware.
        lifetime.ApplicationStopped.Register(Dispose);
    }

    public Task InvokeAsync(HttpContext context)
    {
        var isExempt = context.GetEndpoint()?.Metadata.GetMetadata<UnlimitedRate>() is not null;
        if (isExempt || _limiter.TryAcquire(_addresses.Hash(context), out var retryAfter))
        {
            return _next(context);
        }

        _metrics.RateLimited("http");
        return HttpErrors.WriteTooManyRequestsAsync(context, retryAfter);
    }

    public void Dispose() => _limiter.Dispose();
}
