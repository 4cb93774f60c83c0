using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.SocketIO;
using PeerSync.Bench.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.SocketIO;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.SocketIO;

/// <summary>What an application on a namespace may rely on.</summary>
public sealed class SocketIOApplicationTests : IAsyncLifetime
{
    private const string Path = "/socket.io/";

    private readonly ScriptedApplication _application = new();
    private EchoHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EchoHost.StartAsync(new SocketIOEchoOptions
    {
        Namespaces = new Dictionary<string, ISocketIOApplication> { ["/signaling"] = _application, ["/"] = new Silent() },
        Sockets = new SocketOptions { InFlightMessages = 4, MessagesPerSecond = 0 },
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_told_what_the_client_brings_before_it_decides()
    {
        await using var socket = await RawSocket.OpenAsync(_host.Address, EchoHost.Upgrade(Path) + "&x=1", "Authorization: Bearer abc\r\nOrigin: https://app.example\r\n");
        await socket.ExpectAsync(WebSocketOpcode.Text);
        await socket.SendAsync("""40/signaling?a=b,{"token": "Bearer é"}""");
        var handle = await _application.SocketAsync();
        var connecting = await _application.ExpectAsync<SocketIOConnecting>();
        Assert.Equal("""{"token": "Bearer é"}""", Encoding.UTF8.GetString(connecting.Auth.Span));
        Assert.Equal("a=b", Encoding.UTF8.GetString(connecting.Query.Span));
        Assert.Equal("/signaling", handle.Namespace);
        Assert.Equal(new SocketIOHandshake("EIO=4&transport=websocket&x=1", "Bearer abc", "https://app.example"), handle.Handshake);
        Assert.NotEmpty(handle.AddressTag);
        await socket.ExpectSilenceAsync();
        handle.Accept();
        handle.Accept();
        await socket.ExpectTextAsync($$"""40/signaling,{"sid":"{{handle.Id}}"}""");
        handle.Refuse("too late");
        await socket.ExpectSilenceAsync();
    }

    [Fact]
    public async Task It_may_refuse_with_a_reason()
    {
        var (socket, handle) = await ConnectAsync();
        await using (socket)
        {
            handle.Refuse("Not authorized", "{\"code\":7}"u8);
            await socket.ExpectTextAsync("""44/signaling,{"message":"Not authorized","data":{"code":7}}""");
            Assert.Equal(SocketIODisconnectReason.Refused, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);

            // The client may try again on the same session.
            await socket.SendAsync("40/signaling,");
            (await _application.SocketAsync()).Accept();
            Assert.StartsWith("40/signaling,", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""42/signaling,["early"]""")]
    [InlineData("40/signaling,")]
    public async Task What_a_client_sends_before_it_is_let_in_ends_the_session(string packet)
    {
        var (socket, _) = await ConnectAsync();
        await using (socket)
        {
            await socket.SendAsync(packet);
            await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
            Assert.Equal(SocketIODisconnectReason.ProtocolViolation, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
        }
    }

    [Fact]
    public async Task Events_are_kept_until_it_has_authenticated_and_come_in_their_order()
    {
        var (socket, handle) = await ConnectAsync();
        await using (socket)
        {
            handle.Accept();
            await socket.ExpectAsync(WebSocketOpcode.Text);
            for (var i = 0; i < 3; i++)
            {
                await socket.SendAsync($"42/signaling,[\"event-{i}\",{{\"n\":{i}}}]");
            }

            await socket.SendAsync("40/nope,");
            await socket.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");
            _application.ExpectNothing();
            handle.Emit("\"connected\""u8, "{}"u8);
            await socket.ExpectTextAsync("""42/signaling,["connected",{}]""");
            handle.Start();
            for (var i = 0; i < 3; i++)
            {
                var sent = await _application.ExpectAsync<SocketIOEvent>();
                Assert.True(sent.IsNamed(Encoding.UTF8.GetBytes($"event-{i}")));
                Assert.False(sent.IsNamed("event"u8));
                Assert.Equal($"{{\"n\":{i}}}", Encoding.UTF8.GetString(sent.FirstArgument));
                Assert.Equal(1, sent.ArgumentCount);
                Assert.Null(sent.AckId);
                sent.Complete();
                sent.Complete();
            }
        }

        Assert.Equal(SocketIODisconnectReason.TransportClosed, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
    }

    [Fact]
    public async Task Too_much_before_it_has_authenticated_ends_the_session()
    {
        var (socket, handle) = await ConnectAsync();
        await using (socket)
        {
            handle.Accept();
            await socket.ExpectAsync(WebSocketOpcode.Text);
            await socket.SendAsync($"42/signaling,[\"large\",\"{new string('x', 200_000)}\"]");
            await socket.SendAsync($"42/signaling,[\"large\",\"{new string('x', 100_000)}\"]");
            await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
            Assert.Equal(SocketIODisconnectReason.TooMuchBeforeStart, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
        }
    }

    [Fact]
    public async Task Too_many_by_polling_before_it_has_authenticated_end_the_session()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, "40/signaling,");
        var handle = await _application.SocketAsync();
        await _application.ExpectAsync<SocketIOConnecting>();
        handle.Accept();
        Assert.StartsWith("40/signaling,", await _host.HearAsync(Path, sid), StringComparison.Ordinal);
        await _host.SayAsync(Path, sid, string.Join('\u001e', Enumerable.Repeat("42/signaling,[\"a\"]", 33)));
        Assert.Equal(SocketIODisconnectReason.TooMuchBeforeStart, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
        Assert.Equal("1", await _host.HearAsync(Path, sid));
        await _host.ExpectUnknownAsync(Path, sid);
    }

    [Fact]
    public async Task A_client_is_read_no_faster_than_its_events_are_dealt_with()
    {
        var (socket, handle) = await StartAsync();
        await using (socket)
        {
            for (var i = 0; i < 10; i++)
            {
                await socket.SendAsync($"42/signaling,[\"e\",{i}]");
            }

            var held = new List<SocketIOEvent>();
            for (var i = 0; i < 4; i++)
            {
                held.Add(await _application.ExpectAsync<SocketIOEvent>());
            }

            await socket.ExpectSilenceAsync();
            _application.ExpectNothing();
            held.ForEach(static sent => sent.Complete());
            for (var i = 4; i < 10; i++)
            {
                var sent = await _application.ExpectAsync<SocketIOEvent>();
                Assert.Equal($"{i}", Encoding.UTF8.GetString(sent.Arguments));
                sent.Complete();
            }

            handle.Disconnect();
        }
    }

    [Fact]
    public async Task A_polling_client_is_answered_no_faster_than_its_events_are_dealt_with()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, "40/signaling,");
        var handle = await _application.SocketAsync();
        await _application.ExpectAsync<SocketIOConnecting>();
        handle.Accept();
        handle.Start();
        var posted = _host.PostAsync(EchoHost.Target(Path, sid), string.Join('\u001e', Enumerable.Range(0, 100).Select(static i => $"42/signaling,[\"e\",{i}]")));
        var held = new List<SocketIOEvent>();
        for (var i = 0; i < 64; i++)
        {
            held.Add(await _application.ExpectAsync<SocketIOEvent>());
        }

        await Task.Delay(100, EchoHost.Cancel);
        _application.ExpectNothing();
        Assert.False(posted.IsCompleted);
        held.ForEach(static sent => sent.Complete());
        for (var i = 64; i < 100; i++)
        {
            var sent = await _application.ExpectAsync<SocketIOEvent>();
            Assert.Equal($"{i}", Encoding.UTF8.GetString(sent.Arguments));
            sent.Complete();
        }

        Assert.Equal("ok", (await posted).Body);
    }

    [Fact]
    public async Task Answers_go_both_ways()
    {
        var (socket, handle) = await StartAsync();
        await using (socket)
        {
            handle.Emit("\"ask\""u8, "1"u8, ackId: 17);
            await socket.ExpectTextAsync("""42/signaling,17["ask",1]""");
            await socket.SendAsync("""461-/signaling,17["yes",{"_placeholder":true,"num":0}]""");
            await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [9, 8]));
            var answer = await _application.ExpectAsync<SocketIOAnswer>();
            Assert.Equal(17, answer.AckId);
            Assert.Equal("""["yes",{"_placeholder":true,"num":0}]""", $"[{Encoding.UTF8.GetString(answer.Arguments)}]");
            Assert.Equal([9, 8], Assert.Single(answer.Attachments).Span.ToArray());
            answer.Complete();

            await socket.SendAsync("""42/signaling,3["ask"]""");
            var sent = await _application.ExpectAsync<SocketIOEvent>();
            handle.Acknowledge(sent.AckId!.Value, "true"u8);
            sent.Complete();
            await socket.ExpectTextAsync("43/signaling,3[true]");
        }
    }

    [Fact]
    public async Task A_packet_is_encoded_once_for_many_sockets()
    {
        var (first, firstHandle) = await StartAsync();
        var (second, secondHandle) = await StartAsync();
        await using (first)
        await using (second)
        {
            var packet = MessageBuffer.Rent();
            SocketIOWriter.Event(packet, "/signaling", "\"all\""u8, "{}"u8);
            packet.Retain();
            firstHandle.Send(packet);
            secondHandle.Send(packet);
            await first.ExpectTextAsync("""42/signaling,["all",{}]""");
            await second.ExpectTextAsync("""42/signaling,["all",{}]""");
        }
    }

    [Fact]
    public async Task It_may_disconnect_a_socket_and_the_transport_stays_open()
    {
        var (socket, handle) = await StartAsync();
        await using (socket)
        {
            handle.Emit("\"bye\""u8, default);
            handle.Disconnect();
            handle.Emit("\"never\""u8, default);
            handle.Disconnect();
            Assert.Equal(SocketIODisconnectReason.ServerLeft, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
            await socket.ExpectTextAsync("""42/signaling,["bye"]""");
            await socket.ExpectTextAsync("41/signaling,");
            await socket.SendAsync("40/nope,");
            await socket.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");

            // As the original does it: what the client still had on its way ends the session.
            await socket.SendAsync("""42/signaling,["leave-queue"]""");
            await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        }

        _application.ExpectNothing();
    }

    [Fact]
    public async Task It_may_close_the_session()
    {
        var (socket, handle) = await StartAsync();
        await using (socket)
        {
            handle.Disconnect(closeSession: true);
            await socket.ExpectTextAsync("41/signaling,");
            await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        }
    }

    [Fact]
    public async Task A_polling_client_still_gets_what_was_queued_before_the_session_was_closed()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, "40/signaling,");
        var handle = await _application.SocketAsync();
        handle.Accept();
        handle.Emit("\"bye\""u8, default);
        handle.Disconnect(closeSession: true);
        Assert.Equal(
            [$$"""40/signaling,{"sid":"{{handle.Id}}"}""", """42/signaling,["bye"]""", "41/signaling,", "1"], await _host.HearAsync(Path, sid, 4));
        await _host.ExpectUnknownAsync(Path, sid);
    }

    [Fact]
    public async Task It_is_told_how_a_socket_ended()
    {
        var (left, _) = await StartAsync();
        await using (left)
        {
            await left.SendAsync("41/signaling,");
            Assert.Equal(SocketIODisconnectReason.ClientLeft, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
            await left.SendAsync("1");
            await left.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        }

        var (closed, _) = await StartAsync();
        await using (closed)
        {
            await closed.SendAsync("1");
            Assert.Equal(SocketIODisconnectReason.TransportClosed, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
        }

        var (cut, _) = await StartAsync();
        cut.Abort();
        Assert.Equal(SocketIODisconnectReason.TransportClosed, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);

        var (broken, _) = await StartAsync();
        await using (broken)
        {
            await broken.SendAsync("4nonsense");
            Assert.Equal(SocketIODisconnectReason.ProtocolViolation, (await _application.ExpectAsync<SocketIODisconnected>()).Reason);
        }

        _application.ExpectNothing();
    }

    [Fact]
    public async Task A_user_is_named_in_the_list_of_connections()
    {
        var (socket, handle) = await StartAsync();
        await using (socket)
        {
            handle.Authenticated(new UserId("device-1"));
            Assert.Equal(new UserId("device-1"), Assert.Single(_host.Services.GetRequiredService<SocketServer>().Connections.Snapshot()).User);
        }
    }

    [Fact]
    public async Task A_user_who_came_by_polling_is_named_once_there_is_a_websocket()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, "40/signaling,");
        var handle = await _application.SocketAsync();
        handle.Accept();
        handle.Authenticated(new UserId("device-1"));
        await using var socket = await _host.ProbeAsync(Path, sid);
        await socket.SendAsync("5");
        Assert.StartsWith("40/signaling,", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        Assert.Equal(new UserId("device-1"), Assert.Single(_host.Services.GetRequiredService<SocketServer>().Connections.Snapshot()).User);
    }

    [Fact]
    public async Task A_namespace_without_an_actor_lets_everybody_in_and_hears_nobody()
    {
        await using var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync("40");
        Assert.StartsWith("40{", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            await socket.SendAsync("""42["anything"]""");
        }

        await socket.SendAsync("40/nope,");
        await socket.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");
    }

    private async Task<(RawSocket Socket, ISocketIOSocket Handle)> ConnectAsync()
    {
        var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync("40/signaling,");
        var handle = await _application.SocketAsync();
        await _application.ExpectAsync<SocketIOConnecting>();
        return (socket, handle);
    }

    private async Task<(RawSocket Socket, ISocketIOSocket Handle)> StartAsync()
    {
        var (socket, handle) = await ConnectAsync();
        handle.Accept();
        handle.Start();
        await socket.ExpectAsync(WebSocketOpcode.Text);
        return (socket, handle);
    }

    private sealed class Silent : ISocketIOApplication
    {
        public PeerSync.Kernel.Props? CreateActor(ISocketIOSocket socket) => null;
    }
}
