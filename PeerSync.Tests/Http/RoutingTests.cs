using System.Net;

namespace PeerSync.Tests.Http;

public sealed class RoutingTests
{
    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/ws")]
    [InlineData("POST", "/health")]
    [InlineData("DELETE", "/api/v1/network")]
    [InlineData("GET", "/api/v1/network/join")]
    [InlineData("GET", "//health")]
    [InlineData("GET", "/health//")]
    [InlineData("GET", "/api//v1/network")]
    [InlineData("GET", "/a%2Fb%20c%22")]
    [InlineData("PROPFIND", "/health")]
    public async Task AnythingElseIsNotFound(string method, string path)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.SendAsync(new HttpMethod(method), path);
        await HttpAssert.NoRouteAsync(response, method, path);
        Assert.False(response.Content.Headers.Contains("Allow"));
    }

    [Fact]
    public async Task TheQueryIsNotRepeated()
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, "/nothing?token=secret");
        await HttpAssert.NoRouteAsync(response, "GET", "/nothing");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/")]
    [InlineData("/HeAlTh")]
    [InlineData("/health?x=1&y=//")]
    public async Task CaseSlashAndQueryDoNotMatter(string path)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path);
        await HttpAssert.JsonAsync(response, HttpStatusCode.OK, """{"status":"ok","env":"development"}""");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/health")]
    [InlineData("/api/v1/health/ready")]
    [InlineData("/api/health")]
    [InlineData("/api/v1/auth/health")]
    [InlineData("/api/v1/auth/verify")]
    [InlineData("/api/v1/network")]
    [InlineData("/metrics")]
    [InlineData("/nothing")]
    public async Task HeadAnswersAsGetDoesWithoutABody(string path)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var get = await server.SendAsync(HttpMethod.Get, path);
        var head = await RawHttp.ExchangeAsync(server.Address, RawHttp.Request("HEAD", path));
        Assert.StartsWith($"HTTP/1.1 {(int)get.StatusCode} ", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        Assert.Equal(head.Length - 4, head.IndexOf("\r\n\r\n", StringComparison.Ordinal));
        Assert.Contains($"Content-Type: {get.Content.Headers.ContentType}", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/nothing")]
    public async Task TheServerDoesNotNameItself(string path)
    {
        await using var server = await HttpTestServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path);
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task AnAbsoluteTargetIsRoutedByItsPath()
    {
        await using var server = await HttpTestServer.StartAsync();
        Assert.StartsWith(
            "HTTP/1.1 200 ",
            await RawHttp.ExchangeAsync(server.Address, "GET http://localhost/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            StringComparison.Ordinal);
        Assert.Contains(
            "Cannot GET /nothing\"",
            await RawHttp.ExchangeAsync(server.Address, "GET http://localhost/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
            StringComparison.Ordinal);
    }
}
