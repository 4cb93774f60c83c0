using System.Text.Json.Nodes;
using PeerSync.Actors.Sharing;
using PeerSync.Protocol.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The feed over a WebSocket and over server-sent events (docs/spec/sharing.md, section 7).</summary>
public sealed class SharingRealtimeTests(SharingFeedFixture fixture) : IClassFixture<SharingFeedFixture>
{
    private const string Path = SharingTestHost.Base + "/protected/realtime";

    private SharingTestHost Host => fixture.Host;

    [Fact]
    public async Task A_socket_is_told_what_its_user_may_know_and_nothing_else()
    {
        var (alice, bob) = (await Host.LogInAsync("ws-alice"), await Host.LogInAsync("ws-bob"));
        await using var socket = await OpenAsync(Host, alice);
        await SharingFeedFixture.PublishAsync(Host, bob.Id);
        await SharingFeedFixture.PublishAsync(Host, alice.Id);
        var told = await NextAsync(socket);
        Assert.Equal("keys:changed", (string)told["event"]!);
        Assert.Equal(alice.Id, (string)told["payload"]!["userId"]!);
        Assert.True((long)told["id"]! > 0);
        Assert.Empty(socket.TakePending());
    }

    [Fact]
    public async Task A_stream_is_told_the_same_and_takes_up_where_it_ended()
    {
        var (alice, bob) = (await Host.LogInAsync("sse-alice"), await Host.LogInAsync("sse-bob"));
        string cursor;
        await using (var stream = await EventStreamClient.OpenAsync(Host, alice))
        {
            await ReadyAsync(stream);
            await SharingFeedFixture.PublishAsync(Host, bob.Id);
            await SharingFeedFixture.PublishAsync(Host, alice.Id);
            Assert.Contains(alice.Id, await stream.NextAsync(), StringComparison.Ordinal);
            cursor = stream.LastEventId!;
        }

        await SharingFeedFixture.PublishAsync(Host, SharingEventWriter.MemberJoined("t1", "x"), alice.Id);
        await SharingFeedFixture.PublishAsync(Host, SharingEventWriter.MemberJoined("t2", "x"), bob.Id);
        await SharingFeedFixture.PublishAsync(Host, SharingEventWriter.MemberJoined("t3", "x"), alice.Id);
        foreach (var again in new[] { await EventStreamClient.OpenAsync(Host, alice, cursor), await EventStreamClient.OpenAsync(Host, alice, null, "?after=" + cursor) })
        {
            await using (again)
            {
                Assert.Contains("\"t1\"", await again.NextAsync(), StringComparison.Ordinal);
                Assert.Contains("\"t3\"", await again.NextAsync(), StringComparison.Ordinal);
                await ReadyAsync(again);
            }
        }
    }

    [Fact]
    public async Task A_socket_that_is_cut_again_and_again_loses_nothing_while_events_are_written()
    {
        const int Count = 120;
        var alice = await Host.LogInAsync("ws-resume");
        var writing = Task.CompletedTask;
        long? cursor = null;
        var seen = new List<int>();
        var ids = new List<long>();
        while (seen.Count < Count)
        {
            await using var socket = await Host.Server.ConnectAsync(Path);
            await socket.SendAsync(Auth(alice, cursor));
            var first = cursor is null;
            for (var got = 0; got < 9 && seen.Count < Count;)
            {
                var message = await NextAsync(socket);
                switch ((string)message["event"]!)
                {
                    case "feed:ready" when first:
                        cursor = (long)message["payload"]!["cursor"]!;
                        writing = WriteAsync();
                        break;
                    case "team:memberJoined":
                        seen.Add(int.Parse((string)message["payload"]!["teamId"]!, System.Globalization.CultureInfo.InvariantCulture));
                        cursor = (long)message["id"]!;
                        ids.Add(cursor.Value);
                        got++;
                        break;
                    case "feed:reset":
                        Assert.Fail("The cursor is known.");
                        break;
                }
            }

            socket.Abort();
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, Count), seen.Order());
        Assert.Equal(ids.Order().Distinct(), ids);

        Task WriteAsync() => Task.WhenAll(Enumerable.Range(0, 3).Select(async writer =>
        {
            for (var i = writer; i < Count; i += 3)
            {
                await SharingFeedFixture.PublishAsync(
                    Host, SharingEventWriter.MemberJoined(i.ToString(System.Globalization.CultureInfo.InvariantCulture), "x"), alice.Id);
            }
        }));
    }

    [Fact]
    public async Task A_cursor_from_elsewhere_is_reset()
    {
        var alice = await Host.LogInAsync("ws-reset");
        await using var socket = await Host.Server.ConnectAsync(Path);
        await socket.SendAsync(Auth(alice, 1_000_000));
        Assert.Equal("feed:reset", (string)(await NextAsync(socket))["event"]!);
        Assert.Equal("feed:ready", (string)(await NextAsync(socket))["event"]!);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        var alice = await Host.LogInAsync("sse-cursor");
        var (status, body) = await Host.AskAsync(HttpMethod.Get, $"{Path}?after={cursor}", alice);
        Assert.Equal(400, status);
        Assert.Equal("""{"error":"Invalid cursor"}""", body!.ToJsonString());
    }

    [Fact]
    public async Task Without_a_token_there_is_no_stream()
    {
        var (status, body) = await Host.AskAsync(HttpMethod.Get, Path);
        Assert.Equal((401, "Unauthorized"), (status, (string)body!));
        await using var socket = await Host.Server.ConnectAsync(Path);
        await socket.SendAsync("""{"event":"auth","payload":{"token":"x.y.z"}}""");
        Assert.Equal((4001, "unauthorized"), await socket.WaitForCloseAsync());
    }

    [Fact]
    public async Task A_session_that_ends_ends_its_feeds()
    {
        var alice = await Host.LogInAsync("ws-ends");
        await using var socket = await OpenAsync(Host, alice);
        await using var stream = await EventStreamClient.OpenAsync(Host, alice);
        await ReadyAsync(stream);
        Host.Server.Get<ISharingRevocations>().SessionEnded(alice.Id, null);
        Assert.Equal((4003, "session ended"), await socket.WaitForCloseAsync());
        Assert.Equal("""{"event":"feed:closed","payload":{"code":4003,"reason":"session ended"}}""", await stream.NextAsync());
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Team_mates_see_each_other()
    {
        var (alice, bob) = (await Host.LogInAsync("ws-mate-a"), await Host.LogInAsync("ws-mate-b"));
        var rows = new FeedRows(Host.Server.Server.Store);
        await rows.TeamAsync("mates", alice.Id, bob.Id);
        await using var first = await OpenAsync(Host, alice);
        var (_, presence) = await Host.CallAsync(HttpMethod.Get, "realtime/presence", bob);
        Assert.Equal($$"""{"online":["{{alice.Id}}"]}""", presence!.ToJsonString());
        await using var second = await Host.Server.ConnectAsync(Path);
        await second.SendAsync(Auth(bob, null));
        Assert.Equal("feed:ready", (string)(await NextAsync(second))["event"]!);
        Assert.Equal(
            $$$"""{"event":"presence:snapshot","payload":{"online":["{{{alice.Id}}}"]}}""", (await NextAsync(second)).ToJsonString());
        Assert.Equal(
            $$$"""{"event":"presence:changed","payload":{"userId":"{{{bob.Id}}}","online":true}}""", (await NextAsync(first)).ToJsonString());
    }

    [Fact]
    public async Task A_silent_stream_shows_signs_of_life_and_ends_with_its_token_and_its_server()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);

        // A clock that jumps must not look like a reader that stalls.
        var settings = SharingFeedFixture.Settings + "\npeersync.sharing.access-lifetime = 10m\npeersync.websocket.outbound.stall-timeout = 10m";
        await using var host = await SharingTestHost.StartAsync(settings, time);
        var alice = await host.LogInAsync("sse-time");
        await using (var stream = await EventStreamClient.OpenAsync(host, alice))
        {
            await ReadyAsync(stream);
            time.Advance(TimeSpan.FromMinutes(9));
            Assert.Equal(200, (await host.CallAsync(HttpMethod.Get, "realtime/presence", alice)).Status);
            time.Advance(TimeSpan.FromMinutes(2));
            Assert.Contains("\"code\":4001", await stream.NextAsync(), StringComparison.Ordinal);
            Assert.Null(await stream.NextAsync());
        }

        alice = await host.LogInAsync("sse-time");
        await using var last = await EventStreamClient.OpenAsync(host, alice);
        await ReadyAsync(last);
        await using var silent = await host.Server.ConnectAsync(Path);
        await Eventually.TrueAsync(() => host.Server.Get<PeerSync.Host.Sockets.SocketServer>().Connections.Count == 1, () => "the socket");
        time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal((4008, "timeout"), await silent.WaitForCloseAsync());
        var stopping = host.Server.Server.StopAsync(CancellationToken.None);
        Assert.Null(await last.NextAsync());
        await stopping.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_feed_does_is_measured_and_it_is_ready()
    {
        var alice = await Host.LogInAsync("ws-metrics");
        await using var socket = await OpenAsync(Host, alice);
        await using var shared = await RespClient.SubscribeAsync(fixture.Resp, SharingFeedFixture.Password);
        await SharingFeedFixture.PublishAsync(Host, alice.Id);
        await NextAsync(socket);
        await shared.NextMessageAsync();
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(Host.Server.AdminAddress, "/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("peersync_sharing_feed_subscribers{kind=\"resp_shared\"} ", text, StringComparison.Ordinal);
        Assert.Matches("peersync_sharing_feed_events_total [1-9]", text);
        Assert.Matches("peersync_sharing_feed_deliveries_total [1-9]", text);
        var (status, body) = await Host.AskAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(200, status);
        Assert.Contains("sharing-feed", body!.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Auth(SharingTestUser user, long? after)
    {
        var payload = new JsonObject { ["token"] = user.Access };
        if (after is not null)
        {
            payload["after"] = after;
        }

        return new JsonObject { ["event"] = "auth", ["payload"] = payload }.ToJsonString();
    }

    private static async Task<SocketClient> OpenAsync(SharingTestHost host, SharingTestUser user)
    {
        var socket = await host.Server.ConnectAsync(Path);
        await socket.SendAsync(Auth(user, null));
        Assert.Equal("feed:ready", (string)(await NextAsync(socket))["event"]!);
        Assert.Equal("presence:snapshot", (string)(await NextAsync(socket))["event"]!);
        return socket;
    }

    private static async Task<JsonNode> NextAsync(SocketClient socket) => JsonNode.Parse(await socket.ReceiveAsync())!;

    private static async Task ReadyAsync(EventStreamClient stream)
    {
        Assert.Contains("feed:ready", await stream.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("presence:snapshot", await stream.NextAsync(), StringComparison.Ordinal);
    }
}
