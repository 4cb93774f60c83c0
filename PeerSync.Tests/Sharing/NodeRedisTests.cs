using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PeerSync.Actors.Sharing;
using PeerSync.Host.Sharing.Feed;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The extension's own client of Redis, and its successor, which asks for a newer protocol first.</summary>
public sealed class NodeRedisTests(NodeRedisFixture node) : IClassFixture<NodeRedisFixture>
{
    [Theory]
    [InlineData("ioredis5", false)]
    [InlineData("ioredis6", false)]
    [InlineData("ioredis5", true)]
    [InlineData("ioredis6", true)]
    public async Task It_subscribes_comes_back_after_a_cut_and_quits(string library, bool tls)
    {
        Assert.SkipWhen(node.Missing is not null, node.Missing ?? string.Empty);
        var folder = Directory.CreateTempSubdirectory("peersync-redis-").FullName;
        try
        {
            var settings = SharingFeedFixture.Settings + (tls ? "\n" + RespListenerTests.WriteCertificate(folder) : string.Empty);
            await using var host = await SharingTestHost.StartAsync(settings);
            await using var control = await ControlAsync(host);
            var address = host.Server.Server.RespAddress!;
            var (code, output) = await node.RunScriptAsync(
                "Sharing", "feed.mjs", library, $"{address.Scheme}://any:{SharingFeedFixture.Password}@{address.Authority}/1", control.Urls.First());
            Assert.True(code == 0, output);
            Assert.StartsWith("done", output, StringComparison.Ordinal);
            await Eventually.TrueAsync(() => host.Server.Get<FeedConnections>().Count == 0, () => "the client to be gone");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What the script asks the test to do.
    private static async Task<WebApplication> ControlAsync(SharingTestHost host)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/publish/{name}", (RequestDelegate)(context => SharingFeedFixture.PublishAsync(host, (string)context.Request.RouteValues["name"]!)));
        app.MapPost("/cut", (RequestDelegate)(_ =>
        {
            foreach (var connection in host.Server.Get<FeedConnections>().Snapshot())
            {
                connection.Abort();
            }

            return Task.CompletedTask;
        }));
        app.MapPost("/subscribed", (RequestDelegate)(_ => Eventually.TrueAsync(
            () => host.Server.Get<FeedCounters>().Subscribers(FeedKind.SharedResp) == 1, () => "the client to subscribe again")));
        await app.StartAsync(PeerSyncTestHost.Cancel);
        return app;
    }
}
