using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

/// <summary>What only time brings: pings, the check for the dead, deadlines.</summary>
public sealed class TimeTests
{
    [Fact]
    public async Task A_silent_client_is_pinged_and_then_cut_without_a_close_frame()
    {
        await using var harness = new SocketHarness();
        var client = await harness.ConnectLoggedInAsync();
        harness.Advance(30);
        await client.ExpectAsync(WebSocketOpcode.Ping);
        harness.Advance(29);
        Assert.Equal(1, harness.Server.Connections.Count);
        harness.Advance(1);
        await client.ExpectEndAsync();
        await harness.WhenEmptyAsync();
    }

    [Theory]
    [InlineData("pong")]
    [InlineData("ping")]
    [InlineData("text")]
    public async Task Any_frame_counts_as_alive(string kind)
    {
        await using var harness = new SocketHarness();
        var client = await harness.ConnectLoggedInAsync();
        for (var i = 0; i < 5; i++)
        {
            harness.Advance(30);
            await client.ExpectAsync(WebSocketOpcode.Ping);
            await client.WriteAsync(kind switch
            {
                "pong" => RawSocket.Frame(WebSocketOpcode.Pong, []),
                "ping" => RawSocket.Ping("mine"),
                _ => RawSocket.Text("hello"),
            });

            // The answer to one more ping says that the frame before it has been read.
            await client.WriteAsync(RawSocket.Ping("read"));
            var awaited = new HashSet<string> { "read" };
            if (kind == "text")
            {
                awaited.Add("hello");
            }

            while (awaited.Count > 0)
            {
                var frame = await client.ReadFrameAsync();
                Assert.NotNull(frame);
                awaited.Remove(frame.Text);
            }
        }

        Assert.Equal(1, harness.Server.Connections.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_deadline_for_logging_in_is_ten_seconds_from_the_upgrade_whatever_is_sent(bool talks)
    {
        await using var harness = new SocketHarness();
        var client = harness.Connect();
        for (var i = 0; i < 9; i++)
        {
            harness.Advance(1);
            if (talks)
            {
                await client.SendAsync("let me in");
                await client.ExpectTextAsync("let me in");
            }
        }

        Assert.Equal(1, harness.Server.Connections.Count);
        harness.Advance(1);
        Assert.Equal("late", (await client.ExpectCloseAsync(4001)).Text[2..]);
        await harness.WhenEmptyAsync();
    }

    [Fact]
    public async Task Logging_in_lifts_the_deadline()
    {
        await using var harness = new SocketHarness();
        var client = await harness.ConnectLoggedInAsync();
        harness.Advance(20);
        await client.SendAsync("still here");
        await client.ExpectTextAsync("still here");
    }

    [Fact]
    public async Task Who_reads_nothing_for_the_stall_time_is_cut()
    {
        await using var harness = new SocketHarness(new SocketOptions { MessagesPerSecond = 0, HeartbeatInterval = TimeSpan.FromHours(1) });
        var bystander = await harness.ConnectLoggedInAsync();
        var sleeper = harness.Connect(out var ended);
        await sleeper.SendAsync(EchoActor.LogIn);
        await sleeper.ExpectTextAsync(EchoActor.LogIn);

        // More than the pipe takes in however many flushes, less than the queue takes.
        for (var i = 0; i < 10; i++)
        {
            await sleeper.SendAsync(new string('z', 30_000));
        }

        await SocketHarness.WaitUntilAsync(() => harness.Server.Connections.Snapshot().Exists(static c => c.Backlog.Messages > 0));
        harness.Advance(14);
        Assert.False(ended.IsCompleted);
        harness.Advance(2 + 6);
        await ended;
        Assert.Equal(1, harness.Echo.SlowConsumers.Value);
        await bystander.SendAsync("undisturbed");
        await bystander.ExpectTextAsync("undisturbed");
    }

    [Fact]
    public async Task A_client_above_its_budget_is_told_once_a_second_and_closed_after_ten_times()
    {
        await using var harness = new SocketHarness(new SocketOptions { MessageBurst = 5, MessagesPerSecond = 1 });
        var client = harness.Connect();
        await client.SendAsync(EchoActor.LogIn);
        await client.ExpectTextAsync(EchoActor.LogIn);
        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync($"{i}");
            await client.ExpectTextAsync($"{i}");
        }

        for (var notice = 0; notice < 10; notice++)
        {
            await client.WriteAsync(Enumerable.Range(0, 3).SelectMany(static _ => RawSocket.Text("too much")).Concat(RawSocket.Ping("read")).ToArray());
            await ExpectBothAsync(client, "limited");
            harness.Advance(1);

            // The second brought one message, which is spent so that the next one is above the budget again.
            await client.WriteAsync((byte[])[.. RawSocket.Text("allowed"), .. RawSocket.Ping("read")]);
            await ExpectBothAsync(client, "allowed");
        }

        await client.SendAsync("too much");
        Assert.Equal(SocketCloseReasons.TooManyMessages, (await client.ExpectCloseAsync(WebSocketCloseCode.PolicyViolation)).Text[2..]);
    }

    private static async Task ExpectBothAsync(RawSocket client, string text)
    {
        var frames = new[] { await client.ReadFrameAsync(), await client.ReadFrameAsync() };
        Assert.Equal([$"Pong read", $"Text {text}"], frames.Select(static frame => $"{frame?.Opcode} {frame?.Text}").Order());
    }
}
