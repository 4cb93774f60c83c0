using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using PeerSync.Host.Http;

namespace PeerSync.Tests.Http;

/// <summary>Beyond what the transcripts 01, 25 and 26 show.</summary>
public sealed class CorsTests
{
    [Theory]
    [InlineData(false, new string[0], "https://anyone.example", "https://anyone.example")]
    [InlineData(false, new string[0], null, null)]
    [InlineData(true, new[] { "https://app.example" }, "https://app.example", "https://app.example")]
    [InlineData(true, new[] { "https://app.example" }, "https://APP.example", null)]
    [InlineData(true, new[] { "https://app.example" }, "https://app.example.evil.example", null)]
    [InlineData(true, new[] { "https://app.example" }, "null", null)]
    [InlineData(true, new[] { "https://app.example" }, null, null)]
    [InlineData(false, new[] { "https://app.example" }, "https://evil.example", null)]
    [InlineData(true, new[] { "https://app.example", "*" }, "https://anyone.example", "https://anyone.example")]
    public async Task OnlyAnAllowedOriginIsReflected(bool production, string[] origins, string? origin, string? expected)
    {
        await using var server = await StartAsync(production, origins);
        using var response = await server.SendAsync(HttpMethod.Get, "/health", headers: origin is null ? [] : [("Origin", origin)]);
        Assert.Equal(expected, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Theory]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/fault", HttpStatusCode.InternalServerError)]
    [InlineData("/api/v1/network", HttpStatusCode.Unauthorized)]
    public async Task ErrorsCarryTheHeadersToo(string path, HttpStatusCode status)
    {
        await using var server = await StartAsync(production: true, "https://app.example");
        using var response = await server.SendAsync(HttpMethod.Get, path, headers: [("Origin", "https://app.example")]);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("https://app.example", Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task AnyOptionsRequestIsAPreflight()
    {
        await using var server = await StartAsync(production: false);
        using var response = await server.SendAsync(HttpMethod.Options, "/nothing");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
        Assert.Equal("GET,HEAD,PUT,PATCH,POST,DELETE", Header(response, "Access-Control-Allow-Methods"));
        Assert.Null(Header(response, "Access-Control-Allow-Headers"));
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task UpgradesAreLeftAlone()
    {
        await using var server = await StartAsync(production: false);
        var answer = await RawHttp.ExchangeAsync(
            server.Address, "GET /upgrade HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Vary", answer, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static Task<HttpTestServer> StartAsync(bool production, params string[] origins) => HttpTestServer.StartAsync(new HttpTestSetup
    {
        Http = new PeerSyncHttpOptions { Cors = new CorsPolicyOptions(production, origins) },
        Map = static app =>
        {
            app.MapRead("/fault", static _ => throw new InvalidOperationException("secret"));
            app.MapGet("/upgrade", UpgradeAsync);
        },
        ExpectedLogs = ["UnhandledFault"],
    });

    private static async Task UpgradeAsync(HttpContext context)
    {
        await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }
}
