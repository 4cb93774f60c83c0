using PeerSync.Bench.SocketIO;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.SocketIO;

/// <summary>What time brings to a session, with a clock that the test moves.</summary>
public sealed class EngineTimeTests : IAsyncLifetime
{
    private const string Path = "/engine.io/";

    private readonly ManualTimeProvider _time = new();
    private EchoHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await EchoHost.StartAsync(new SocketIOEchoOptions { Time = _time });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_polling_client_is_pinged_at_its_interval_after_each_answer()
    {
        var sid = await _host.OpenAsync(Path);
        for (var i = 0; i < 3; i++)
        {
            Advance(24);
            var poll = _host.HearAsync(Path, sid);
            await Eventually.TrueAsync(() => _host.Session(Path, sid).IsPollPending, () => "the poll to wait");
            Advance(2);
            Assert.Equal("2", await poll);
            Advance(15);
            await _host.SayAsync(Path, sid, "3");
        }
    }

    [Fact]
    public async Task A_websocket_is_pinged_at_its_interval_after_each_answer()
    {
        await using var socket = await _host.ConnectAsync(Path);
        for (var i = 0; i < 3; i++)
        {
            Advance(26);
            await socket.ExpectTextAsync("2");
            Advance(15);
            await socket.SendAsync("3");
            await socket.SendAsync("4sync");
            await socket.ExpectTextAsync("4sync");
        }

        Advance(24);
        await socket.ExpectSilenceAsync();
    }

    [Fact]
    public async Task A_polling_client_that_does_not_answer_is_gone_after_both_times()
    {
        var sid = await _host.OpenAsync(Path);
        Advance(44);
        Assert.Equal(1, _host.Sessions);
        Assert.Equal("2", await _host.HearAsync(Path, sid));
        Advance(1);
        await _host.ExpectUnknownAsync(Path, sid);
        Assert.Equal(0, _host.Sessions);
    }

    [Fact]
    public async Task A_pending_poll_of_a_client_that_does_not_answer_is_ended()
    {
        var sid = await _host.OpenAsync(Path);
        Advance(26);
        Assert.Equal("2", await _host.HearAsync(Path, sid));
        var poll = _host.HearAsync(Path, sid);
        await Eventually.TrueAsync(() => _host.Session(Path, sid).IsPollPending, () => "the poll to wait");
        Advance(20);
        Assert.Equal("1", await poll);
        await _host.ExpectUnknownAsync(Path, sid);
    }

    [Fact]
    public async Task A_websocket_that_does_not_answer_is_closed_after_both_times()
    {
        await using var socket = await _host.ConnectAsync(Path);
        Advance(44);
        await socket.ExpectTextAsync("2");
        Assert.Equal(1, _host.Sessions);
        Advance(1);
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived, answer: false);
        Assert.Equal(0, _host.Sessions);
    }

    [Fact]
    public async Task A_server_that_stood_still_leaves_the_client_its_time_to_answer()
    {
        await using var socket = await _host.ConnectAsync(Path);

        // One tick that comes after an hour.
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(3599));
        Advance(38);
        await socket.ExpectTextAsync("2");
        await socket.SendAsync("3");
        await socket.SendAsync("4here");
        await socket.ExpectTextAsync("4here");
    }

    [Fact]
    public async Task An_upgrade_that_is_not_completed_in_time_leaves_the_session_polling()
    {
        var sid = await _host.OpenAsync(Path);
        await using var socket = await _host.ProbeAsync(Path, sid);
        Advance(11);
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived);
        await _host.SayAsync(Path, sid, "4still here");
        Assert.Equal("4still here", await _host.HearAsync(Path, sid));

        // And another one may be tried.
        await using var again = await _host.ProbeAsync(Path, sid);
        await again.SendAsync("5");
        await again.SendAsync("4hello");
        await again.ExpectTextAsync("4hello");
    }

    [Fact]
    public async Task A_session_that_joins_no_namespace_is_closed_in_time()
    {
        await using var socket = await _host.ConnectAsync("/socket.io/");
        var sid = await _host.OpenAsync("/socket.io/");
        await socket.SendAsync("40/nope,");
        await socket.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");
        Advance(26);
        await socket.ExpectTextAsync("2");
        await socket.SendAsync("3");
        await _host.SayAsync("/socket.io/", sid, "3");
        Assert.Equal("2", await _host.HearAsync("/socket.io/", sid));
        await socket.SendAsync("40/nope,");
        await socket.ExpectTextAsync("""44/nope,{"message":"Invalid namespace"}""");
        Advance(20);
        await socket.ExpectCloseAsync(WebSocketCloseCode.NoStatusReceived, answer: false);

        // What the server closes on its own is told to the next poll.
        Assert.Equal("1", await _host.HearAsync("/socket.io/", sid));
        await _host.ExpectUnknownAsync("/socket.io/", sid);
    }

    [Fact]
    public async Task A_closed_session_does_not_wait_for_its_client_for_ever()
    {
        var sid = await _host.OpenAsync("/socket.io/");
        Advance(26);
        await _host.SayAsync("/socket.io/", sid, "3");
        Advance(20);
        Assert.Equal(1, _host.Sessions);
        Advance(31);
        Assert.Equal(0, _host.Sessions);
        await _host.ExpectUnknownAsync("/socket.io/", sid);
    }

    [Fact]
    public async Task A_session_that_has_joined_a_namespace_stays()
    {
        await using var socket = await _host.ConnectAsync("/socket.io/");
        await socket.SendAsync("40");
        Assert.StartsWith("40{", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        await _time.WaitForTimersAsync(4);
        Advance(1);
        await socket.ExpectTextAsync("""42["auth",{}]""");
        for (var i = 0; i < 3; i++)
        {
            Advance(26);
            await socket.ExpectTextAsync("2");
            await socket.SendAsync("3");
            await socket.SendAsync("""421["message-with-ack"]""");
            await socket.ExpectTextAsync("431[]");
        }
    }

    private void Advance(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
