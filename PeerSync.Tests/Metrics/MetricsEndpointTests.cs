using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Metrics;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task EverythingCountedIsThere()
    {
        await using var server = await HttpTestServer.StartAsync();
        var metrics = server.Services.GetRequiredService<PeerSyncMetrics>();
        var peers = metrics.Feature("peers");
        peers.ConnectionsAccepted.Add(3);
        peers.Connections("authenticated").Increment();
        peers.Connections("registered").Set(2);
        peers.ConnectionRefused("origin");
        peers.ConnectionClosed(4001);
        peers.SlowConsumers.Increment();
        peers.MessagesReceived.Add(10);
        peers.MessagesSent.Add(20);
        peers.BytesReceived.Add(1_000);
        peers.BytesSent.Add(2_000);
        metrics.Feature("rooms").MessagesReceived.Increment();
        metrics.RateLimited("message");
        metrics.Authentication("http", "expired");
        metrics.ObserveAuthentications("socket", static () => [KeyValuePair.Create("valid", 8L)]);
        metrics.DeadLetters.Increment();
        metrics.MailboxOverflows.Add(2);

        var page = await PrometheusPage.ScrapeAsync(server);
        var feature = ("feature", "peers");
        Assert.Equal(3, page.Value("peersync_connections_accepted_total", feature));
        Assert.Equal(1, page.Value("peersync_connections_open", feature, ("state", "authenticated")));
        Assert.Equal(2, page.Value("peersync_connections_open", feature, ("state", "registered")));
        Assert.Equal("gauge", page.TypeOf("peersync_connections_open"));
        Assert.Equal(1, page.Value("peersync_connections_refused_total", feature, ("reason", "origin")));
        Assert.Equal(1, page.Value("peersync_connections_closed_total", feature, ("code", "4001")));
        Assert.Equal(1, page.Value("peersync_connections_slow_consumers_total", feature));
        Assert.Equal(10, page.Value("peersync_messages_received_total", feature));
        Assert.Equal(1, page.Value("peersync_messages_received_total", ("feature", "rooms")));
        Assert.Equal(20, page.Value("peersync_messages_sent_total", feature));
        Assert.Equal(1_000, page.Value("peersync_received_bytes_total", feature));
        Assert.Equal(2_000, page.Value("peersync_sent_bytes_total", feature));
        Assert.Equal(1, page.Value("peersync_rate_limited_total", ("kind", "message")));
        Assert.Equal(1, page.Value("peersync_authentications_total", ("surface", "http"), ("outcome", "expired")));
        Assert.Equal(8, page.Value("peersync_authentications_total", ("surface", "socket"), ("outcome", "valid")));
        Assert.Equal(1, page.Value("peersync_actors_dead_letters_total"));
        Assert.Equal(2, page.Value("peersync_actors_mailbox_overflows_total"));
    }

    [Fact]
    public async Task TheProcessIsThere()
    {
        await using var server = await HttpTestServer.StartAsync();
        var before = await PrometheusPage.ScrapeAsync(server);
        Assert.Throws<FormatException>(static () => int.Parse("x", CultureInfo.InvariantCulture));
        var after = await PrometheusPage.ScrapeAsync(server);
        Assert.Equal("counter", after.TypeOf("process_cpu_seconds_total"));
        Assert.InRange(after.Value("process_cpu_seconds_total"), before.Value("process_cpu_seconds_total"), 1e6);
        Assert.InRange(after.Value("process_resident_memory_bytes"), 1 << 20, double.MaxValue);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(after.Value("process_start_time_seconds"), now - 86_400, now);
        Assert.InRange(after.Value("dotnet_gc_heap_used_bytes"), 1, double.MaxValue);
        Assert.InRange(after.Value("dotnet_gc_heap_committed_bytes"), 0, double.MaxValue);
        Assert.InRange(after.Value("dotnet_gc_allocated_bytes_total"), before.Value("dotnet_gc_allocated_bytes_total"), double.MaxValue);
        Assert.All((string[])["0", "1", "2"], generation =>
            Assert.InRange(after.Value("dotnet_gc_collections_total", ("generation", generation)), 0, double.MaxValue));
        Assert.InRange(after.Value("dotnet_gc_pause_seconds_total"), 0, double.MaxValue);
        Assert.InRange(after.Value("dotnet_thread_pool_queue_length"), 0, double.MaxValue);
        Assert.InRange(after.Value("dotnet_thread_pool_threads"), 1, double.MaxValue);
        Assert.InRange(after.Value("dotnet_exceptions_total"), before.Value("dotnet_exceptions_total") + 1, double.MaxValue);
    }

    [Fact]
    public async Task RequestsAreTimedByRoute()
    {
        // The framework's meter is one for the process, so only a route of this test's own says anything.
        var setup = new HttpTestSetup { Map = static app => app.MapRead("/timed/{id}", static _ => Task.CompletedTask) };
        await using var server = await HttpTestServer.StartAsync(setup);
        using var timed = await server.SendAsync(HttpMethod.Get, "/TIMED/5?x=1");
        var page = await PrometheusPage.ScrapeAsync(server);
        Assert.Equal("histogram", page.TypeOf("http_server_request_duration_seconds"));
        var count = Assert.Single(
            page.Samples,
            static sample => sample.Name == "http_server_request_duration_seconds_count" && sample.Labels.Contains(("http_route", "/timed/{id}")));
        Assert.Equal(1, count.Value);
    }

    [Fact]
    public async Task ScrapesAtOnceShareOneCollection()
    {
        var setup = new HttpTestSetup();
        await using var server = await HttpTestServer.StartAsync(setup);
        using var meter = new Meter(setup.Telemetry.MeterName);
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        meter.CreateObservableGauge("slow", () =>
        {
            entered.TrySetResult();
            Assert.True(release.Wait(TestTime.Limit));
            return Interlocked.Increment(ref calls);
        });
        var scraper = server.Services.GetRequiredService<Telemetry>().Scraper;
        var first = scraper.ScrapeAsync();
        await entered.Task.WaitAsync(TestTime.Limit);
        var others = Enumerable.Range(0, 20).Select(_ => scraper.ScrapeAsync()).ToArray();
        release.Set();
        var text = await first.WaitAsync(TestTime.Limit);
        foreach (var other in others)
        {
            Assert.Equal(text, await other);
        }

        Assert.Equal(1, calls);
        var next = await PrometheusPage.ScrapeAsync(server);
        Assert.Equal(2, next.Value("slow"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.NotFound)]
    public async Task TheSettingKeepsThemToTheAdministration(bool isOnAdminListener, HttpStatusCode expected)
    {
        var setup = new HttpTestSetup { IsOnAdminListener = _ => isOnAdminListener };
        await using var server = await HttpTestServer.StartAsync(setup with
        {
            Telemetry = setup.Telemetry with { MetricsOnAdminListenerOnly = true },
        });
        using var response = await server.SendAsync(HttpMethod.Get, "/metrics");
        Assert.Equal(expected, response.StatusCode);
    }
}
