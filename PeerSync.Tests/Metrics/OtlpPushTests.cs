using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerSync.Host.Metrics;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Metrics;

public sealed class OtlpPushTests
{
    [Fact]
    public async Task MetricsAndTracesReachTheCollector()
    {
        var received = new ConcurrentDictionary<string, (string Authorization, string Body)>();
        await using var collector = await StartCollectorAsync(received);
        var setup = new HttpTestSetup();
        await using (var server = await HttpTestServer.StartAsync(setup with
        {
            Telemetry = setup.Telemetry with
            {
                OtlpEndpoint = new Uri(collector.Urls.Single()),
                OtlpOverHttp = true,
                OtlpHeaders = "authorization=secret",
                TraceShare = 1,
            },
        }))
        {
            server.Services.GetRequiredService<PeerSyncMetrics>().Feature("peers").MessagesReceived.Increment();
            using var activity = PeerSyncTracing.Source.StartActivity("test of the push");
            Assert.NotNull(activity);
        }

        // The server pushed what it had left before its end.
        Assert.Contains("peersync.messages.received", received["/v1/metrics"].Body, StringComparison.Ordinal);
        Assert.Contains("process.resident_memory", received["/v1/metrics"].Body, StringComparison.Ordinal);
        Assert.Contains("test of the push", received["/v1/traces"].Body, StringComparison.Ordinal);
        Assert.All(received.Values, static request => Assert.Equal("secret", request.Authorization));
    }

    [Fact]
    public async Task ACollectorThatIsNotThereDisturbsNobody()
    {
        var setup = new HttpTestSetup();
        await using var server = await HttpTestServer.StartAsync(setup with
        {
            Telemetry = setup.Telemetry with { OtlpEndpoint = new Uri("http://127.0.0.1:1"), OtlpOverHttp = true },
        });
        Assert.NotEmpty((await PrometheusPage.ScrapeAsync(server)).Names);
    }

    [Fact]
    public void TheHeadersAreNotPrinted() =>
        Assert.DoesNotContain("secret", new TelemetryOptions { OtlpHeaders = "authorization=secret" }.ToString(), StringComparison.Ordinal);

    private static async Task<WebApplication> StartCollectorAsync(ConcurrentDictionary<string, (string Authorization, string Body)> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received[context.Request.Path.ToString()] = (context.Request.Headers.Authorization.ToString(), Encoding.Latin1.GetString(body.ToArray()));
        });
        await app.StartAsync();
        return app;
    }
}
