using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using PeerSync.Host.Http;
using PeerSync.Storage;

namespace PeerSync.Tests.Http;

public sealed class FaultTests
{
    [Fact]
    public async Task AFaultOfOursTellsNothing()
    {
        await using var server = await StartAsync(static _ => throw new InvalidOperationException("secret"), "UnhandledFault");
        using var response = await server.SendAsync(HttpMethod.Get, "/test");
        await HttpAssert.JsonAsync(response, HttpStatusCode.InternalServerError, """{"statusCode":500,"message":"Internal server error"}""");
        Assert.Contains(server.Logs, static entry => entry.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFaultAfterHeadersWereSetTellsNothingEither()
    {
        await using var server = await StartAsync(
            static context =>
            {
                context.Response.ContentLength = 5;
                context.Response.ContentType = "text/plain";
                throw new InvalidOperationException("secret");
            },
            "UnhandledFault");
        using var response = await server.SendAsync(HttpMethod.Get, "/test");
        await HttpAssert.JsonAsync(response, HttpStatusCode.InternalServerError, """{"statusCode":500,"message":"Internal server error"}""");
    }

    [Fact]
    public async Task AFaultInTheMiddleOfAnAnswerCutsTheConnection()
    {
        await using var server = await StartAsync(
            static async context =>
            {
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                throw new InvalidOperationException("secret");
            },
            "FaultAfterStart");
        await Assert.ThrowsAsync<HttpRequestException>(() => server.SendAsync(HttpMethod.Get, "/test"));

        // The next request is served.
        using var health = await server.SendAsync(HttpMethod.Get, "/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task AnUnavailableStorageIsToldAsSuch()
    {
        await using var server = await StartAsync(
            static _ => throw new StorageUnavailableException("finding", new IOException("secret")), "StorageUnavailable");
        using var response = await server.SendAsync(HttpMethod.Get, "/test");
        await HttpAssert.JsonAsync(
            response,
            HttpStatusCode.ServiceUnavailable,
            """{"message":"Service temporarily unavailable","error":"Service Unavailable","statusCode":503}""");
    }

    [Fact]
    public async Task ACancellationThatNobodyAskedForIsAFault()
    {
        await using var server = await StartAsync(static _ => throw new OperationCanceledException(), "UnhandledFault");
        using var response = await server.SendAsync(HttpMethod.Get, "/test");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task AClientThatLeavesIsNoFault()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(async context =>
        {
            entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            finally
            {
                left.SetResult();
            }
        });
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(RawHttp.Request("GET", "/test")));
            await entered.Task.WaitAsync(TestTime.Limit);
        }

        // The server asserts at its end that nothing was logged.
        await left.Task.WaitAsync(TestTime.Limit);
    }

    private static Task<HttpTestServer> StartAsync(RequestDelegate handler, params string[] expectedLogs) => HttpTestServer.StartAsync(new HttpTestSetup
    {
        Map = app => app.MapRead("/test", handler),
        ExpectedLogs = expectedLogs,
    });
}
