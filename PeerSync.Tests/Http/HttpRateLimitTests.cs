using System.Globalization;
using System.Net;
using PeerSync.Host.Http;
using PeerSync.Tests.Metrics;

namespace PeerSync.Tests.Http;

public sealed class HttpRateLimitTests
{
    private const int Burst = 3;

    [Fact]
    public async Task BeyondTheBurstIsRefusedWithATimeToWait()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < Burst; i++)
        {
            await AssertPassesAsync(server);
        }

        using var refused = await server.SendAsync(HttpMethod.Get, "/nothing");
        await HttpAssert.JsonAsync(
            refused,
            HttpStatusCode.TooManyRequests,
            """{"message":"Too many requests, please try again later","error":"Too Many Requests","statusCode":429}""");
        var wait = int.Parse(Assert.Single(refused.Headers.GetValues("Retry-After")), CultureInfo.InvariantCulture);
        Assert.Equal(60, wait);
        var metrics = await PrometheusPage.ScrapeAsync(server);
        Assert.Equal(1, metrics.Value("peersync_rate_limited_total", ("kind", "http")));
    }

    [Fact]
    public async Task ClientsBehindATrustedProxyAreToldApart()
    {
        await using var server = await StartAsync(IPNetwork.Parse("127.0.0.0/8"));
        for (var i = 0; i < Burst; i++)
        {
            await AssertPassesAsync(server, "198.51.100.1");
        }

        using var refused = await server.SendAsync(HttpMethod.Get, "/nothing", headers: [("X-Forwarded-For", "198.51.100.1")]);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await AssertPassesAsync(server, "198.51.100.2");
    }

    [Fact]
    public async Task AHeaderFromAnybodyElseChangesNothing()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < Burst; i++)
        {
            await AssertPassesAsync(server, $"198.51.100.{i}");
        }

        using var refused = await server.SendAsync(HttpMethod.Get, "/nothing", headers: [("X-Forwarded-For", "198.51.100.9")]);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task ProbesAndScrapersAreNotCounted(string path)
    {
        await using var server = await StartAsync();
        for (var i = 0; i < Burst * 3; i++)
        {
            using var response = await server.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public void WhatIsOffNeverRefuses()
    {
        using var limiter = new KeyedRateLimiter(enabled: false, burst: 1, TimeSpan.FromHours(1));
        for (var i = 0; i < 100; i++)
        {
            Assert.True(limiter.TryAcquire("somebody", out var retryAfter));
            Assert.Equal(TimeSpan.Zero, retryAfter);
        }
    }

    [Fact]
    public void KeysDoNotShareTheirPermits()
    {
        using var limiter = new KeyedRateLimiter(enabled: true, burst: 2, TimeSpan.FromHours(1));
        Assert.True(limiter.TryAcquire("a", out _));
        Assert.True(limiter.TryAcquire("a", out _));
        Assert.False(limiter.TryAcquire("a", out var retryAfter));
        Assert.Equal(TimeSpan.FromHours(1), retryAfter);
        Assert.True(limiter.TryAcquire("A", out _));
    }

    [Fact]
    public async Task ParallelRequestsDoNotOutrunTheBurst()
    {
        using var limiter = new KeyedRateLimiter(enabled: true, burst: 50, TimeSpan.FromHours(1));
        var granted = 0;
        await Parallel.ForAsync(0, 1_000, (_, _) =>
        {
            if (limiter.TryAcquire("somebody", out var _))
            {
                Interlocked.Increment(ref granted);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(50, granted);
    }

    private static async Task AssertPassesAsync(HttpTestServer server, string? forwardedFor = null)
    {
        using var response = await server.SendAsync(
            HttpMethod.Get, "/nothing", headers: forwardedFor is null ? [] : [("X-Forwarded-For", forwardedFor)]);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    /// <summary>A server whose buckets refill too slowly to matter, so that a slow machine counts as a fast one does.</summary>
    private static Task<HttpTestServer> StartAsync(params IPNetwork[] trustedProxies) => HttpTestServer.StartAsync(new HttpTestSetup
    {
        Http = new PeerSyncHttpOptions
        {
            TrustedProxies = trustedProxies,
            RateLimit = new HttpRateLimitOptions { Burst = Burst, PerMinute = 1 },
        },
    });
}
