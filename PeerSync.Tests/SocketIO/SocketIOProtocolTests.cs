using System.Text.Json;
using PeerSync.Bench.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.SocketIO;

/// <summary>What the published test suite of the Socket.IO protocol checks, beyond the Engine.IO part, and the recorded frames of the original.</summary>
public sealed class SocketIOProtocolTests : IAsyncLifetime
{
    private const string Path = "/socket.io/";

    private EchoHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EchoHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("40", "40", """42["auth",{}]""")]
    [InlineData("40/,", "40", """42["auth",{}]""")]
    [InlineData("""40{"token":"123"}""", "40", """42["auth",{"token":"123"}]""")]
    [InlineData("40/custom", "40/custom,", """42/custom,["auth",{}]""")]
    [InlineData("40/custom,", "40/custom,", """42/custom,["auth",{}]""")]
    [InlineData("40/custom?token=abc,", "40/custom,", """42/custom,["auth",{}]""")]
    [InlineData("""40/custom,{"token":"abc"}""", "40/custom,", """42/custom,["auth",{"token":"abc"}]""")]
    public async Task A_client_joins_a_namespace(string connect, string prefix, string auth)
    {
        await using var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync(connect);
        CheckConnected((await socket.ExpectAsync(WebSocketOpcode.Text)).Text, prefix);
        await socket.ExpectTextAsync(auth);
    }

    [Theory]
    [InlineData("40/random")]
    [InlineData("40/random,")]
    [InlineData("""40/random,{"token":"x"}""")]
    [InlineData("40/random?a=b,")]
    public async Task An_unknown_namespace_cannot_be_joined(string connect)
    {
        await using var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync(connect);
        await socket.ExpectTextAsync("""44/random,{"message":"Invalid namespace"}""");
        await socket.SendAsync("40");
        CheckConnected((await socket.ExpectAsync(WebSocketOpcode.Text)).Text, "40");
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("4")]
    [InlineData("""42["message"]""")]
    [InlineData("""42/signaling,["join-queue",{}]""")]
    [InlineData("41")]
    [InlineData("431[]")]
    [InlineData("""44{"message":"x"}""")]
    [InlineData("40[]")]
    public async Task A_session_that_begins_with_anything_else_is_closed(string packet)
    {
        await using var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync(packet);
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Theory]
    [InlineData("4abc")]
    [InlineData("42{}")]
    [InlineData("42[]")]
    [InlineData("42")]
    [InlineData("42[{}]")]
    [InlineData("""42abc["message-with-ack",1,"2",{"3":[false]}]""")]
    [InlineData("""42["disconnect"]""")]
    [InlineData("""42/custom,["message"]""")]
    [InlineData("40")]
    [InlineData("""44{"message":"x"}""")]
    [InlineData("""451-["message",{"_placeholder":true,"num":1}]""")]
    [InlineData("""4533-["message"]""")]
    public async Task A_joined_session_is_closed_with_what_breaks_the_protocol(string packet)
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync(packet);
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Fact]
    public async Task To_leave_the_main_namespace_leaves_the_transport_open()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("41");
        await socket.SendAsync("40");
        CheckConnected((await socket.ExpectAsync(WebSocketOpcode.Text)).Text, "40");
    }

    [Fact]
    public async Task A_client_leaves_one_namespace_and_stays_in_another()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("40/custom");
        CheckConnected((await socket.ExpectAsync(WebSocketOpcode.Text)).Text, "40/custom,");
        await socket.ExpectTextAsync("""42/custom,["auth",{}]""");
        await socket.SendAsync("""42/custom,["message",1]""");
        await socket.ExpectTextAsync("""42/custom,["message-back",1]""");
        await socket.SendAsync("41/custom");
        await socket.SendAsync("""42["message","message to main namespace"]""");
        await socket.ExpectTextAsync("""42["message-back","message to main namespace"]""");
        await socket.SendAsync("""42/custom,["message",1]""");
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Theory]
    [InlineData("""42["message",1,"2",{"3":[true]}]""", """42["message-back",1,"2",{"3":[true]}]""")]
    [InlineData("""42["message"]""", """42["message-back"]""")]
    [InlineData("""42["message" , 1.0e5 ,"é\ud83d\ude00" ]""", """42["message-back",1.0e5 ,"é\ud83d\ude00"]""")]
    [InlineData("""42["m\u0065ssage",{"_placeholder":true,"num":7}]""", """42["message-back",{"_placeholder":true,"num":7}]""")]
    [InlineData("""42456["message-with-ack",1,"2",{"3":[false]}]""", """43456[1,"2",{"3":[false]}]""")]
    [InlineData("""420["message-with-ack"]""", "430[]")]
    public async Task Events_and_answers_carry_their_arguments_as_they_are(string sent, string received)
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync(sent);
        await socket.ExpectTextAsync(received);
    }

    [Theory]
    [InlineData("45", "message", "452-[\"message-back\",")]
    [InlineData("45", "message-with-ack", "462-789[")]
    public async Task Events_and_answers_carry_bytes(string type, string name, string head)
    {
        await using var socket = await JoinAsync();
        const string Placeholders = """{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}""";
        await socket.SendAsync($"{type}2-{(name == "message" ? string.Empty : "789")}[\"{name}\",{Placeholders}]");
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [1, 2, 3]));
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [4, 5, 6]));
        await socket.ExpectTextAsync($"{head}{Placeholders}]");
        Assert.Equal([1, 2, 3], (await socket.ExpectAsync(WebSocketOpcode.Binary)).Payload);
        Assert.Equal([4, 5, 6], (await socket.ExpectAsync(WebSocketOpcode.Binary)).Payload);
    }

    [Fact]
    public async Task Bytes_come_through_where_only_one_message_may_be_under_way()
    {
        await using var host = await EchoHost.StartAsync(new SocketIOEchoOptions { Sockets = new SocketOptions { InFlightMessages = 1, MessagesPerSecond = 0 } });
        await using var socket = await host.ConnectAsync(Path);
        await socket.SendAsync("40");
        await socket.ExpectAsync(WebSocketOpcode.Text);
        await socket.ExpectTextAsync("""42["auth",{}]""");
        await socket.SendAsync("452-[\"message\"]");
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [1]));
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [2]));
        await socket.ExpectTextAsync("452-[\"message-back\"]");
        Assert.Equal([1], (await socket.ExpectAsync(WebSocketOpcode.Binary)).Payload);
        Assert.Equal([2], (await socket.ExpectAsync(WebSocketOpcode.Binary)).Payload);
    }

    [Fact]
    public async Task Polling_carries_bytes_as_base64()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, """40{"token":"x"}""");
        var joined = await _host.HearAsync(Path, sid, 2);
        CheckConnected(joined[0], "40");
        Assert.Equal("""42["auth",{"token":"x"}]""", joined[1]);
        await _host.SayAsync(Path, sid, "451-7[\"message-with-ack\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==\u001e42[\"message\",\"after\"]");
        Assert.Equal(
            ["461-7[{\"_placeholder\":true,\"num\":0}]", "bAQIDBA==", "42[\"message-back\",\"after\"]"], await _host.HearAsync(Path, sid, 3));
    }

    [Fact]
    public async Task Bytes_that_no_packet_announced_end_the_session()
    {
        await using var socket = await JoinAsync();
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [1]));
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Fact]
    public async Task Text_between_a_packet_and_its_bytes_ends_the_session()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("""452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""");
        await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, [1]));
        await socket.SendAsync("""42["message"]""");
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Fact]
    public async Task Too_many_bytes_for_one_packet_end_the_session()
    {
        await using var socket = await JoinAsync();
        await socket.SendAsync("""455-["message"]""");
        for (var i = 0; i < 5; i++)
        {
            await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Binary, new byte[1_000_000]));
        }

        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
    }

    [Fact]
    public async Task Sockets_keep_their_order_over_a_change_of_transports()
    {
        var sid = await _host.OpenAsync(Path);
        await _host.SayAsync(Path, sid, "40");
        _ = await _host.HearAsync(Path, sid, 2);
        await using var socket = await _host.ProbeAsync(Path, sid);
        await _host.SayAsync(Path, sid, string.Join('\u001e', Enumerable.Range(0, 100).Select(static i => $"42[\"message\",{i}]")));
        await socket.SendAsync("5");
        for (var i = 100; i < 200; i++)
        {
            await socket.SendAsync($"42[\"message\",{i}]");
        }

        for (var i = 0; i < 200; i++)
        {
            await socket.ExpectTextAsync($"42[\"message-back\",{i}]");
        }
    }

    private static void CheckConnected(string packet, string prefix)
    {
        Assert.StartsWith(prefix + "{", packet, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(packet.AsMemory(prefix.Length));
        Assert.Equal(["sid"], data.RootElement.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(20, data.RootElement.GetProperty("sid").GetString()!.Length);
    }

    /// <summary>A WebSocket in the main namespace.</summary>
    private async Task<RawSocket> JoinAsync()
    {
        var socket = await _host.ConnectAsync(Path);
        await socket.SendAsync("40");
        CheckConnected((await socket.ExpectAsync(WebSocketOpcode.Text)).Text, "40");
        await socket.ExpectTextAsync("""42["auth",{}]""");
        return socket;
    }
}
