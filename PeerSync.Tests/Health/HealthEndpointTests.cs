using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Host.Health;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Health;

public sealed class HealthEndpointTests
{
    private const string Timestamp = "2026-01-02T03:04:05.678Z";

    [Fact]
    public async Task Liveness()
    {
        await using var server = await StartAsync();
        using var plain = await server.SendAsync(HttpMethod.Get, "/health");
        await HttpAssert.JsonAsync(plain, HttpStatusCode.OK, """{"status":"ok","env":"staging"}""");
        using var timed = await server.SendAsync(HttpMethod.Get, "/api/v1/health");
        await HttpAssert.JsonAsync(timed, HttpStatusCode.OK, $$"""{"status":"ok","env":"staging","timestamp":"{{Timestamp}}"}""");
    }

    [Fact]
    public async Task LivenessWithMemory()
    {
        await using var server = await StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, "/api/health");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("ok", json.RootElement.GetProperty("status").GetString());
        Assert.Equal(1_767_323_045_678, json.RootElement.GetProperty("timestamp").GetInt64());
        var memory = json.RootElement.GetProperty("memory");
        Assert.Equal(["heapUsed", "heapTotal", "heapPercent", "external"], memory.EnumerateObject().Select(static member => member.Name));
        Assert.InRange(memory.GetProperty("heapUsed").GetInt64(), 1, memory.GetProperty("heapTotal").GetInt64());
        Assert.InRange(memory.GetProperty("heapPercent").GetInt32(), 1, 100);
        Assert.InRange(memory.GetProperty("external").GetInt64(), 0, long.MaxValue);
    }

    [Theory]
    [InlineData(50, 200, 500, 50, 200, 25, 300)]
    [InlineData(50, 0, 500, 50, 50, 100, 450)]
    [InlineData(0, 0, 0, 0, 0, 0, 0)]
    [InlineData(10, 900, 500, 10, 900, 1, 0)]
    public void MemoryIsToldInMegabytes(int used, int committed, int resident, long heapUsed, long heapTotal, int percent, long external)
    {
        const long megabyte = 1024 * 1024;
        Assert.Equal(
            new MemoryAnswer(heapUsed, heapTotal, percent, external), MemoryAnswer.From(used * megabyte, committed * megabyte, resident * megabyte));
    }

    [Theory]
    [InlineData(94, 100, true)]
    [InlineData(95, 100, false)]
    [InlineData(100, 0, true)]
    public void NearlyFullMemoryIsNotReady(long used, long available, bool isReady) =>
        Assert.Equal(isReady, MemoryReadinessCheck.Judge(used, available).IsReady);

    [Theory]
    [InlineData("/health/ready")]
    [InlineData("/api/v1/health/ready")]
    public async Task ReadinessNamesEachCheck(string path)
    {
        var storage = new ScriptedCheck("storage");
        var keys = new ScriptedCheck("keys");
        await using var server = await StartAsync(storage, keys);
        using var ready = await server.SendAsync(HttpMethod.Get, path);
        await HttpAssert.JsonAsync(ready, HttpStatusCode.OK, Ready("ok", "ok", "ok", "ok"));

        server.Services.GetRequiredService<ReadinessProbe>().Draining = true;
        using var draining = await server.SendAsync(HttpMethod.Get, path);
        await HttpAssert.JsonAsync(draining, HttpStatusCode.ServiceUnavailable, Ready("unavailable", "failed", "ok", "ok"));
        using var live = await server.SendAsync(HttpMethod.Get, "/health");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task AFailedCheckIsUnavailable()
    {
        var storage = new ScriptedCheck("storage") { Run = static _ => throw new IOException("secret") };
        var keys = new ScriptedCheck("keys") { Run = static _ => ValueTask.FromResult(ReadinessResult.NotReady("no keys yet")) };
        await using var server = await StartAsync(storage, keys);
        using var response = await server.SendAsync(HttpMethod.Get, "/health/ready");
        await HttpAssert.JsonAsync(response, HttpStatusCode.ServiceUnavailable, Ready("unavailable", "ok", "failed", "failed"));
    }

    private static string Ready(string status, string websocket, string storage, string keys)
    {
        var checks = $$"""{"websocket":"{{websocket}}","memory":"ok","storage":"{{storage}}","keys":"{{keys}}"}""";
        return $$"""{"status":"{{status}}","env":"staging","timestamp":"{{Timestamp}}","checks":{{checks}} }""";
    }

    private static Task<HttpTestServer> StartAsync(params IReadinessCheck[] checks) => HttpTestServer.StartAsync(new HttpTestSetup
    {
        Health = new HealthOptions { Environment = "staging" },
        Time = new ManualTimeProvider(),
        Checks = checks,
        ExpectedLogs = ["NotReady"],
    });
}
