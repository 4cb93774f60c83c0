using System.Globalization;
using PeerSync.Actors.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;

namespace PeerSync.Host.Calls;

/// <summary>
/// Bounds requests (Calls contract, section 2.3): for each route and client address, or device where a token names one, in three windows; and for each address in
/// all, because tokens for ever new devices can be had.
/// </summary>
internal sealed class CallsLimits : IDisposable
{
    private const int MaxKeys = 100_000;

    private readonly (string Name, WindowCounter Counter)[] _windows;
    private readonly KeyedRateLimiter _addresses;
    private readonly CallsCounters _counters;

    public CallsLimits(PeerSyncOptions options, CallsCounters counters, TimeProvider time)
    {
        var all = options.RateLimits.HttpRequestsPerAddress;
        _addresses = new KeyedRateLimiter(options.RateLimits.Enabled, all.Burst, all.Period / all.Tokens);
        _counters = counters;
        _windows = options.RateLimits.Enabled
            ? [.. options.Calls.RestLimits.Select(limit => (limit.Name, new WindowCounter(limit.MaxRequests, limit.Window, MaxKeys, time)))]
            : [];
    }

    /// <summary>Counts a request and writes what its client is told of the limits.</summary>
    /// <param name="context">The request.</param>
    /// <param name="route">The route's pattern, with its method.</param>
    /// <param name="deviceId">The device that a valid token names, or null.</param>
    /// <param name="address">The client address's hash.</param>
    /// <returns>Whether the request may go on; otherwise it has been answered.</returns>
    public async ValueTask<bool> TryCountAsync(HttpContext context, string route, string? deviceId, string address)
    {
        var headers = context.Response.Headers;
        if (!_addresses.TryAcquire(address, out var retryAfter))
        {
            await RefuseAsync(context, "address", (long)Math.Max(1, Math.Ceiling(retryAfter.TotalSeconds)));
            return false;
        }

        var key = deviceId is null ? $"{route} a {address}" : $"{route} d {deviceId}";
        var counts = new WindowCount[_windows.Length];
        for (var i = 0; i < _windows.Length; i++)
        {
            var (name, counter) = _windows[i];
            counts[i] = counter.Take(key);
            if (!counts[i].IsWithin)
            {
                headers[$"Retry-After-{name}"] = Text(counts[i].ResetSeconds);
                await RefuseAsync(context, name, counts[i].ResetSeconds);
                return false;
            }
        }

        for (var i = 0; i < _windows.Length; i++)
        {
            var (name, counter) = _windows[i];
            headers[$"X-RateLimit-Limit-{name}"] = Text(counter.Limit);
            headers[$"X-RateLimit-Remaining-{name}"] = Text(counts[i].Remaining);
            headers[$"X-RateLimit-Reset-{name}"] = Text(counts[i].ResetSeconds);
        }

        return true;
    }

    public void Dispose() => _addresses.Dispose();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Task RefuseAsync(HttpContext context, string limit, long seconds)
    {
        _counters.RateLimitHits.Increment($"http-{limit}");
        context.Response.Headers.RetryAfter = Text(seconds);
        return CallsAnswer.WriteObjectAsync(context, StatusCodes.Status429TooManyRequests, static writer =>
        {
            writer.WriteNumber("statusCode"u8, StatusCodes.Status429TooManyRequests);
            writer.WriteString("message"u8, "ThrottlerException: Too Many Requests"u8);
        });
    }
}
