using PeerSync.Host.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sockets;

public sealed class BackPressureTests
{
    [Fact]
    public async Task A_reader_stops_without_credit_and_goes_on_with_it()
    {
        await using var harness = new SocketHarness(new SocketOptions { InFlightMessages = 4, MessagesPerSecond = 0 });
        var client = await harness.ConnectLoggedInAsync();
        await client.WriteAsync(Enumerable.Range(0, 10).SelectMany(static _ => RawSocket.Text(EchoActor.Hold)).Concat(RawSocket.Text("after")).ToArray());
        for (var returned = 0; returned < 10; returned++)
        {
            await SocketHarness.WaitUntilAsync(() => !harness.Dialect.HeldCredits.IsEmpty);
            Assert.InRange(harness.Dialect.HeldCredits.Count, 1, 4);
            Assert.True(harness.Dialect.HeldCredits.TryDequeue(out var connection));
            connection.ReturnCredit();

            // Reading resumes at half the credits, so that it does not stop and go with every message.
            if (harness.Dialect.HeldCredits.Count > 2)
            {
                Assert.True(harness.Dialect.HeldCredits.TryDequeue(out connection));
                connection.ReturnCredit();
                returned++;
            }
        }

        await client.ExpectTextAsync("after");
    }

    [Fact]
    public async Task A_large_message_travels_alone()
    {
        await using var harness = new SocketHarness(new SocketOptions { MessagesPerSecond = 0 });
        var client = await harness.ConnectLoggedInAsync();
        var large = RawSocket.Text(EchoActor.Hold + new string('x', 2_000_000));
        var writing = client.WriteAsync((byte[])[.. large, .. large, .. RawSocket.Text("after")]);
        for (var i = 0; i < 2; i++)
        {
            await SocketHarness.WaitUntilAsync(() => !harness.Dialect.HeldCredits.IsEmpty);
            Assert.True(harness.Dialect.HeldCredits.TryDequeue(out var connection));
            Assert.Empty(harness.Dialect.HeldCredits);
            connection.ReturnCredit();
        }

        await client.ExpectTextAsync("after");
        await writing;
    }

    [Fact]
    public async Task A_dialect_that_pauses_loses_nothing_above_its_budget()
    {
        var limits = new DialectLimits { MaxMessageSize = 1000, AuthenticationTimeout = TimeSpan.FromSeconds(60), MessagesPerSecond = 5, MessageBurst = 10 };
        await using var harness = new SocketHarness(limits: limits);
        var client = await harness.ConnectLoggedInAsync();
        await client.WriteAsync(Enumerable.Range(0, 30).SelectMany(static i => RawSocket.Text($"m{i}")).ToArray());
        for (var i = 0; i <= 10; i++)
        {
            await client.ExpectTextAsync($"m{i}");
        }

        // The one above the budget had been read and was let through. Nothing more comes before time passes, and then five a second.
        await client.ExpectSilenceAsync();
        for (var i = 11; i < 30; i++)
        {
            if (i % 5 == 1)
            {
                harness.Advance(1);
            }

            await client.ExpectTextAsync($"m{i}");
        }
    }

    [Fact]
    public async Task A_dialect_has_its_own_size_limit_and_deadline()
    {
        var limits = new DialectLimits { MaxMessageSize = 5_000_000, AuthenticationTimeout = TimeSpan.FromSeconds(60), MessagesPerSecond = 0, MessageBurst = 1 };
        await using var harness = new SocketHarness(new SocketOptions { HeartbeatInterval = TimeSpan.FromHours(1) }, limits);
        var client = await harness.ConnectLoggedInAsync();
        var text = new string('x', 4_900_000);
        await client.SendAsync(text);
        await client.ExpectTextAsync(text);
        await client.WriteAsync(RawSocket.Text(new string('x', 5_000_001)).AsMemory(0, 100));
        await client.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig);

        var stranger = harness.Connect();
        await stranger.SendAsync("hello");
        await stranger.ExpectTextAsync("hello");
        harness.Advance(58);
        await stranger.SendAsync("still here");
        await stranger.ExpectTextAsync("still here");
        harness.Advance(3);
        await stranger.ExpectCloseAsync(4001);
    }

    [Fact]
    public async Task Whoever_asks_is_told_when_the_queue_is_empty()
    {
        await using var harness = new SocketHarness(new SocketOptions { MessagesPerSecond = 0 });
        var client = await harness.ConnectLoggedInAsync();
        await client.SendAsync(EchoActor.Drain);
        await client.ExpectTextAsync(new string('\0', 1000));
        await client.ExpectTextAsync(EchoActor.Drained);
    }

    [Fact]
    public async Task A_client_that_leaves_without_credit_is_forgotten()
    {
        await using var harness = new SocketHarness(new SocketOptions { InFlightMessages = 2, MessagesPerSecond = 0 });
        var client = harness.Connect(out var ended);
        await client.WriteAsync(Enumerable.Range(0, 5).SelectMany(static _ => RawSocket.Text(EchoActor.Hold)).ToArray());
        await SocketHarness.WaitUntilAsync(() => harness.Dialect.HeldCredits.Count == 2);
        client.Abort();

        // Nobody reads the socket, so only the heartbeat can find out.
        harness.Advance(60);
        await ended;
        Assert.Equal(0, harness.Server.Connections.Count);
    }

    [Fact]
    public async Task A_full_queue_cuts_the_slow_consumer_only()
    {
        await using var harness = new SocketHarness(new SocketOptions { OutboundMessages = 8, MessagesPerSecond = 0 });
        var bystander = await harness.ConnectLoggedInAsync();
        var slow = harness.Connect(out var ended);
        await slow.SendAsync(EchoActor.LogIn);
        await slow.ExpectTextAsync(EchoActor.LogIn);
        for (var i = 0; i < 20 && harness.Echo.SlowConsumers.Value == 0; i++)
        {
            await slow.SendAsync(new string('s', 20_000));
            await slow.WriteAsync(RawSocket.Ping());
        }

        await SocketHarness.WaitUntilAsync(() => harness.Echo.SlowConsumers.Value == 1);
        Assert.All(harness.Server.Connections.Snapshot(), static connection => Assert.Equal((0, 0), connection.Backlog));

        // Once it reads again it finds what was under way and then the reason.
        RawFrame? frame;
        do
        {
            frame = await slow.ReadFrameAsync();
            Assert.NotNull(frame);
        }
        while (frame.Opcode != WebSocketOpcode.Close);
        Assert.Equal(SocketCloseReasons.SlowConsumerCode, frame.CloseCode);
        await slow.WriteAsync(RawSocket.Close(SocketCloseReasons.SlowConsumerCode));
        await ended;
        await bystander.SendAsync("undisturbed");
        await bystander.ExpectTextAsync("undisturbed");
    }

    [Fact]
    public async Task Ten_thousand_messages_to_a_partner_arrive_in_order()
    {
        const int Messages = 10_000;
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off\npeersync.websocket.outbound.max-messages = 65536");
        var (alice, bob, session) = await ConnectPairAsync(host);
        await using (alice)
        await using (bob)
        {
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    await alice.SendAsync(Message(session, i));
                }
            });
            for (var i = 0; i < Messages; i++)
            {
                var data = await bob.ExpectAsync("MESSAGE_RECEIVED");
                Assert.Equal(i, data.GetProperty("content").GetInt32());
            }

            await sending;
        }
    }

    [Fact]
    public async Task A_sender_gets_its_credits_back_when_the_partner_vanishes()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off\npeersync.websocket.in-flight-messages = 8");
        var (alice, bob, session) = await ConnectPairAsync(host);
        await using (alice)
        await using (bob)
        {
            for (var i = 0; i < 1_000; i++)
            {
                await alice.SendAsync(Message(session, i));
                if (i == 300)
                {
                    bob.Abort();
                }
            }

            await alice.SendAsync("""{"event":"PING"}""");
            string answer;
            do
            {
                answer = await alice.ReceiveAsync("PONG");
            }
            while (!answer.Contains("\"PONG\"", StringComparison.Ordinal));
        }
    }

    private static string Message(string session, int content) =>
        $$$"""{"event":"SEND_MESSAGE","data":{"sessionId":"{{{session}}}","content":{{{content}}}}}""";

    private static async Task<(SocketClient Alice, SocketClient Bob, string Session)> ConnectPairAsync(PeerSyncTestHost host)
    {
        var code = await host.CreateNetworkAsync("alice");
        await host.JoinNetworkAsync("bob", code);
        var alice = await host.RegisterAsync("alice");
        var bob = await host.RegisterAsync("bob");
        await alice.ExpectAsync("PEER_STATUS_UPDATE");
        await alice.SendAsync("""{"event":"CONNECTION_REQUEST","data":{"targetId":"bob"}}""");
        string request;
        while (true)
        {
            using var document = System.Text.Json.JsonDocument.Parse(await bob.ReceiveAsync("CONNECTION_REQUEST_RECEIVED"));
            if (document.RootElement.GetProperty("event").GetString() == "CONNECTION_REQUEST_RECEIVED")
            {
                request = document.RootElement.GetProperty("data").GetProperty("requestId").GetString()!;
                break;
            }
        }

        await bob.SendAsync($$$"""{"event":"CONNECTION_RESPONSE","data":{"requestId":"{{{request}}}","accepted":true}}""");
        await bob.ExpectAsync("SESSION_CREATED");
        var session = (await alice.ExpectAsync("CONNECTION_ACCEPTED")).GetProperty("sessionId").GetString()!;
        return (alice, bob, session);
    }
}
