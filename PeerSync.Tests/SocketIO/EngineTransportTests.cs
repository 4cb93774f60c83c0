using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Bench.SocketIO;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.SocketIO.EchoHost;

namespace PeerSync.Tests.SocketIO;

/// <summary>What the transports do beyond the published test suite: sizes, order, bounds, origins, shutdown.</summary>
public sealed class EngineTransportTests
{
    private const string Path = "/engine.io/";
    private const string Listed = "https://app.example";
    private const string Foreign = "https://evil.example";

    [Fact]
    public async Task A_polling_answer_is_typed_as_its_clients_expect()
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        using var post = new HttpRequestMessage(HttpMethod.Post, new Uri(Target(Path, sid), UriKind.Relative)) { Content = new StringContent("4hello") };
        using var posted = await host.SendAsync(post);
        Assert.Equal("text/html", posted.Content.Headers.ContentType?.ToString());
        using var get = new HttpRequestMessage(HttpMethod.Get, new Uri(Target(Path, sid), UriKind.Relative));
        using var got = await host.SendAsync(get);
        Assert.Equal("text/plain; charset=UTF-8", got.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", got.Headers.CacheControl?.ToString());
        Assert.False(got.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_message_may_have_as_many_bytes_as_the_handshake_says_and_no_more()
    {
        await using var host = await EchoHost.StartAsync();
        await using var socket = await host.ConnectAsync(Path);
        var largest = "4" + new string('x', 999_999);
        await socket.SendAsync(largest);
        await socket.ExpectTextAsync(largest);
        await socket.WriteAsync(RawSocket.Text(largest + "x"));
        await socket.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig);

        var sid = await host.OpenAsync(Path);
        await host.SayAsync(Path, sid, largest);
        Assert.Equal(largest, await host.HearAsync(Path, sid));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, string.Empty), await host.PostAsync(Target(Path, sid), largest + "x"));

        // Nothing of it counts, and the session goes on.
        await host.SayAsync(Path, sid, "4small");
        Assert.Equal("4small", await host.HearAsync(Path, sid));
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_size_is_bounded_too()
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync($"POST {Target(Path, sid)} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        await socket.WriteAsync($"{1_000_001:x}\r\n{new string('4', 1_000_001)}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/octet-stream; x=y")]
    public async Task A_binary_body_is_none_of_this_version(string contentType)
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Target(Path, sid), UriKind.Relative)) { Content = new ByteArrayContent("4a"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await host.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await host.ExpectUnknownAsync(Path, sid);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_ends_the_session()
    {
        await using var host = await EchoHost.StartAsync();
        await using var socket = await host.ConnectAsync(Path);
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Text, [(byte)'4', 0xFF]));
        await socket.ExpectCloseAsync(WebSocketCloseCode.InvalidPayload);

        var sid = await host.OpenAsync(Path);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Target(Path, sid), UriKind.Relative)) { Content = new ByteArrayContent([(byte)'4', 0xFF]) };
        using var response = await host.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await host.ExpectUnknownAsync(Path, sid);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Other_methods_are_refused_and_leave_the_session_alone(string method)
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Target(Path, sid), UriKind.Relative));
        using var response = await host.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await host.SayAsync(Path, sid, "4here");
        Assert.Equal("4here", await host.HearAsync(Path, sid));
    }

    [Fact]
    public async Task A_body_of_very_many_packets_is_dealt_with_in_order()
    {
        await using var host = await EchoHost.StartAsync(new SocketIOEchoOptions { Engine = new EngineOptions { OutboundMessages = 300_000 } });
        var sid = await host.OpenAsync(Path);
        var packets = Enumerable.Range(0, 100_000).Select(static i => $"4{i}").ToList();
        await host.SayAsync(Path, sid, string.Join('\u001e', packets));
        Assert.Equal(packets, await host.HearAsync(Path, sid, packets.Count));
    }

    [Fact]
    public async Task What_waits_when_a_session_upgrades_comes_by_the_websocket_first_and_in_order()
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        await using var socket = await host.ProbeAsync(Path, sid);
        await host.SayAsync(Path, sid, string.Join('\u001e', Enumerable.Range(0, 500).Select(static i => i % 2 == 0 ? $"4{i}" : "bAQID")));
        await socket.SendAsync("5");
        await socket.SendAsync("4last");
        for (var i = 0; i < 500; i++)
        {
            var frame = await socket.ReadFrameAsync();
            Assert.Equal(i % 2 == 0 ? (WebSocketOpcode.Text, $"4{i}") : (WebSocketOpcode.Binary, "\u0001\u0002\u0003"), (frame!.Opcode, frame.Text));
        }

        await socket.ExpectTextAsync("4last");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("2")]
    [InlineData("2probe2")]
    [InlineData("4hello")]
    public async Task A_websocket_that_does_not_probe_first_is_closed_and_the_session_goes_on(string packet)
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        await using (var socket = await RawSocket.OpenAsync(host.Address, Upgrade(Path, sid)))
        {
            await socket.SendAsync(packet);
            await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        }

        await host.SayAsync(Path, sid, "4here");
        Assert.Equal("4here", await host.HearAsync(Path, sid));
        await using var again = await host.ProbeAsync(Path, sid);
    }

    [Fact]
    public async Task A_probe_that_breaks_off_leaves_the_session_polling()
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        await (await host.ProbeAsync(Path, sid)).DisposeAsync();
        await Eventually.TrueAsync(() => host.Services.GetRequiredService<SocketServer>().Connections.Count == 0, () => "the connection to be noticed as gone");
        await host.SayAsync(Path, sid, "4here");
        Assert.Equal("4here", await host.HearAsync(Path, sid));
        await using var again = await host.ProbeAsync(Path, sid);
    }

    [Fact]
    public async Task A_session_that_ends_takes_its_probe_with_it()
    {
        await using var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        await using var socket = await host.ProbeAsync(Path, sid);
        await host.SayAsync(Path, sid, "1");
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Fact]
    public async Task A_websocket_for_a_session_that_began_as_one_is_closed()
    {
        await using var host = await EchoHost.StartAsync();
        await using var socket = await RawSocket.OpenAsync(host.Address, Upgrade(Path));
        var open = (await socket.ExpectAsync(WebSocketOpcode.Text)).Text;
        var sid = open.Split('"')[3];
        await using var second = await RawSocket.OpenAsync(host.Address, Upgrade(Path, sid));
        await second.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        Assert.Equal((HttpStatusCode.BadRequest, """{"code":3,"message":"Bad request"}"""), await host.PollAsync(Target(Path, sid)));
        await socket.SendAsync("4here");
        await socket.ExpectTextAsync("4here");
    }

    [Fact]
    public async Task A_polling_client_that_fetches_nothing_is_cut_off()
    {
        await using var host = await EchoHost.StartAsync(new SocketIOEchoOptions { Engine = new EngineOptions { OutboundMessages = 10 } });
        var sid = await host.OpenAsync(Path);
        _ = await host.PostAsync(Target(Path, sid), string.Join('\u001e', Enumerable.Repeat("4x", 11)));
        await Eventually.TrueAsync(() => host.Sessions == 0, () => "the session to end");
        await host.ExpectUnknownAsync(Path, sid);
        Assert.Equal(1, host.Services.GetRequiredService<PeerSyncMetrics>().Feature("engineio").SlowConsumers.Value);
    }

    [Fact]
    public async Task Cross_origin_headers_are_those_of_the_other_endpoints()
    {
        await using var host = await StartWithOriginsAsync();
        foreach (var (origin, allowed) in ((string, string?)[])[(Listed, Listed), (Foreign, null)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Target(Path), UriKind.Relative));
            request.Headers.Add("Origin", origin);
            using var response = await host.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(allowed, Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
            Assert.Equal("Origin", Header(response, "Vary"));

            using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(Target(Path), UriKind.Relative));
            preflight.Headers.Add("Origin", origin);
            preflight.Headers.Add("Access-Control-Request-Method", "POST");
            preflight.Headers.Add("Access-Control-Request-Headers", "x-mine");
            using var answer = await host.SendAsync(preflight);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal(allowed, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("GET,HEAD,PUT,PATCH,POST,DELETE", Header(answer, "Access-Control-Allow-Methods"));
            Assert.Equal("x-mine", Header(answer, "Access-Control-Allow-Headers"));
        }
    }

    [Fact]
    public async Task A_websocket_of_a_foreign_page_is_refused()
    {
        await using var host = await StartWithOriginsAsync();
        await using (await RawSocket.OpenAsync(host.Address, Upgrade(Path)))
        {
        }

        await using (await RawSocket.OpenAsync(host.Address, Upgrade(Path), $"Origin: {Listed}\r\n"))
        {
        }

        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync(RawSocket.UpgradeRequest(Upgrade(Path), $"Origin: {Foreign}\r\n"));
        var (head, body) = await socket.ReadResponseAsync();
        Assert.StartsWith("HTTP/1.1 403 ", head, StringComparison.Ordinal);
        Assert.Equal("Forbidden", body);
    }

    [Fact]
    public async Task An_upgrade_behind_another_request_of_its_connection_works_too()
    {
        await using var host = await EchoHost.StartAsync();
        await using var socket = await RawSocket.ConnectAsync(host.Address);
        await socket.WriteAsync("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", (await socket.ReadResponseAsync()).Head, StringComparison.Ordinal);
        await socket.WriteAsync(RawSocket.UpgradeRequest(Upgrade(Path)));
        Assert.StartsWith("HTTP/1.1 101 ", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("0{", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        await socket.SendAsync("4hello");
        await socket.ExpectTextAsync("4hello");
    }

    [Fact]
    public async Task A_server_that_stops_releases_polls_and_closes_websockets()
    {
        var host = await EchoHost.StartAsync();
        var sid = await host.OpenAsync(Path);
        var poll = host.HearAsync(Path, sid);
        await Eventually.TrueAsync(() => host.Session(Path, sid).IsPollPending, () => "the poll to wait");
        await using var socket = await host.ConnectAsync(Path);
        var stopped = host.StopAsync();
        await socket.ExpectCloseAsync(WebSocketCloseCode.GoingAway);
        Assert.Equal("1", await poll);
        await stopped;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Random_bytes_of_a_websocket_end_its_session_and_no_other()
    {
        await using var host = await EchoHost.StartAsync();
        await using var bystander = await host.ConnectAsync("/socket.io/");
        var random = new Random(21);
        for (var round = 0; round < 50; round++)
        {
            await using var socket = await host.ConnectAsync("/socket.io/");
            var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(32, 127))));
            try
            {
                await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Text, bytes));
                await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, bytes));
                await socket.WriteAsync(RawSocket.Close(1000));
                while (await socket.ReadFrameAsync() is not null)
                {
                    // Until the end, which must come.
                }
            }
            catch (IOException)
            {
                // The server was faster.
            }
        }

        await bystander.SendAsync("40/nope,");
        await bystander.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");
    }

    private static Task<EchoHost> StartWithOriginsAsync() => EchoHost.StartAsync(new SocketIOEchoOptions
    {
        Engine = new EngineOptions { Cors = new CorsPolicyOptions(Production: true, Origins: [Listed]) },
    });

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
