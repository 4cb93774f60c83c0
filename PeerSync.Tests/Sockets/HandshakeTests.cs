using System.Net;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

public sealed class HandshakeTests
{
    private const string Ping = """{"event":"PING"}""";

    [Fact]
    public async Task An_upgrade_in_one_packet_or_two_is_answered_alike()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var request = RawSocket.UpgradeRequest("/ws?token=x&y");
        var answers = new HashSet<string>();
        foreach (var split in (int[])[0, 1, 4, 30, request.Length / 2, request.Length - 5, request.Length - 2, request.Length - 1])
        {
            await using var socket = await RawSocket.ConnectAsync(host.Address);
            if (split > 0)
            {
                await socket.WriteAsync(request[..split]);
                await socket.ExpectSilenceAsync();
            }

            await socket.WriteAsync(request[split..]);
            var head = await socket.ReadHeadAsync();
            Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
            Assert.Contains($"Sec-WebSocket-Accept: {RawSocket.Accept}\r\n", head, StringComparison.OrdinalIgnoreCase);
            answers.Add(head.Split("\r\n")[0]);
            await socket.SendAsync(Ping);
            Assert.Contains("ERR_5005", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task A_message_in_the_same_packet_as_the_upgrade_is_read()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes(RawSocket.UpgradeRequest()), .. RawSocket.Text(Ping)]);
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Contains("ERR_5005", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_behind_another_request_works_like_the_first_one()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", (await socket.ReadResponseAsync()).Head, StringComparison.Ordinal);
        await socket.WriteAsync(RawSocket.UpgradeRequest(headers: "Sec-WebSocket-Protocol: one, two\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"));
        var head = await socket.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Protocol: one\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Extensions", head, StringComparison.OrdinalIgnoreCase);
        await socket.SendAsync(Ping);
        Assert.Contains("ERR_5005", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        await socket.WriteAsync(RawSocket.Close(1000));
        await socket.ExpectCloseAsync(1000, answer: false);
        await socket.ExpectEndAsync();
    }

    [Fact]
    public async Task The_first_subprotocol_is_echoed_and_no_compression_is_agreed()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync(RawSocket.UpgradeRequest(headers: "Sec-WebSocket-Protocol: one, two\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"));
        var head = await socket.ReadHeadAsync();
        Assert.Contains("Sec-WebSocket-Protocol: one\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Extensions", head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/ws/")]
    [InlineData("/api/v1/ws")]
    [InlineData("/WS")]
    public async Task An_unknown_path_is_404_in_JSON(string path)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync(RawSocket.UpgradeRequest(path));
        await AssertRefusedAsync(socket, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_plain_GET_is_404_in_JSON()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync("GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await AssertRefusedAsync(socket, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("Version: 13", "Version: 8")]
    [InlineData("Key: " + RawSocket.Key, "Key: short")]
    [InlineData("Sec-WebSocket-Key: " + RawSocket.Key + "\r\n", "")]
    public async Task A_wrong_upgrade_is_400(string right, string wrong)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync(RawSocket.UpgradeRequest().Replace(right, wrong, StringComparison.Ordinal));
        var head = await AssertRefusedAsync(socket, HttpStatusCode.BadRequest);
        Assert.Contains("Sec-WebSocket-Version: 13", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData(null, true)]
    public async Task Where_origins_are_listed_others_are_403(string? origin, bool mayEnter)
    {
        await using var host = await PeerSyncTestHost.StartAsync("""peersync.websocket.origins = ["https://app.example"]""");
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync(RawSocket.UpgradeRequest(headers: origin is null ? "" : $"Origin: {origin}\r\n"));
        if (mayEnter)
        {
            Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        }
        else
        {
            await AssertRefusedAsync(socket, HttpStatusCode.Forbidden);
            var refusals = host.Get<PeerSyncMetrics>().Feature("peers").RefusedByReason;
            Assert.Equal([KeyValuePair.Create("origin", 1L)], refusals);
        }
    }

    [Fact]
    public async Task Too_many_new_connections_of_one_address_are_429()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.connections-per-address { burst = 3, per-second = 1 }");
        var sockets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawSocket.ConnectAsync(host.Address)));
        await Task.WhenAll(sockets.Select(static socket => socket.WriteAsync(RawSocket.UpgradeRequest())));
        var answers = await Task.WhenAll(sockets.Select(static async socket => (await socket.ReadHeadAsync()).Split(' ')[1]));
        Assert.Equal(["101", "429"], answers.Distinct().Order());
        Assert.InRange(answers.Count(static answer => answer == "101"), 3, 15);

        // Another address behind the trusted proxy has a budget of its own.
        await using var other = await RawSocket.OpenAsync(host.Address, headers: "X-Forwarded-For: 203.0.113.7\r\n");
    }

    [Fact]
    public async Task Places_of_open_connections_come_back()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.open-connections-per-address = 2");
        var sockets = host.Get<SocketServer>();
        for (var round = 0; round < 5; round++)
        {
            await using var one = await RawSocket.OpenAsync(host.Address);
            await using var two = await RawSocket.OpenAsync(host.Address);
            await using (var refused = await RawSocket.ConnectAsync(host.Address))
            {
                await refused.WriteAsync(RawSocket.UpgradeRequest());
                await AssertRefusedAsync(refused, HttpStatusCode.TooManyRequests);
            }

            one.Abort();
            two.Abort();
            await SocketHarness.WaitUntilAsync(() => sockets.Connections.Count == 0);
        }
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_cut()
    {
        var time = new ManualTimeProvider();
        await using var host = await PeerSyncTestHost.StartAsync(time: time);
        await using var silent = await RawSocket.ConnectAsync(host.Address);
        await using var talking = await RawSocket.OpenAsync(host.Address);
        await silent.ExpectSilenceAsync();
        for (var i = 0; i < 31; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await silent.ExpectEndAsync();
    }

    private static async Task<string> AssertRefusedAsync(RawSocket socket, HttpStatusCode status)
    {
        var (head, body) = await socket.ReadResponseAsync();
        Assert.StartsWith($"HTTP/1.1 {(int)status} ", head, StringComparison.Ordinal);
        using var document = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal((int)status, document.RootElement.GetProperty("statusCode").GetInt32());
        return head;
    }
}
