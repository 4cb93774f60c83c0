using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Peers.PeersConversation;

namespace PeerSync.Tests.Peers;

/// <summary>Conversations between several clients over real sockets. Users without a network may ask each other and do not see each other.</summary>
public sealed partial class PeersConversationTests
{
    private const string PublicKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public async Task MessagesTravelBothWays()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice", "Alice");
        await using var bob = await host.RegisterAsync("bob", "Bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        await alice.SayAsync(session, "\"hello\"");
        await bob.HearAsync(session, "alice", "\"hello\"");
        await bob.SayAsync(session, "[1]");
        await alice.HearAsync(session, "bob", "[1]");
    }

    [Fact]
    public async Task RequestsAreRejectedAndTakenBack()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var request = await AskAsync(alice, bob, "bob");
        await bob.SendAsync("CONNECTION_RESPONSE", $$"""{"requestId":"{{request}}","accepted":false}""");
        var rejected = await alice.ExpectAsync("CONNECTION_REJECTED");
        Assert.Equal(("bob", false), (rejected.Text("targetId"), rejected.TryGetProperty("reason", out _)));

        request = await AskAsync(alice, bob, "bob");
        await bob.SendAsync("CONNECTION_CANCEL", $$"""{"requestId":"{{request}}"}""");
        await bob.ExpectErrorAsync("ERR_6004");
        await alice.SendAsync("CONNECTION_CANCEL", $$"""{"requestId":"{{request}}"}""");
        Assert.Equal("cancelled", (await alice.ExpectAsync("CONNECTION_REJECTED")).Text("reason"));
        Assert.Equal("cancelled", (await bob.ExpectAsync("CONNECTION_REQUEST_CANCELLED")).Text("reason"));
        await bob.SendAsync("CONNECTION_RESPONSE", $$"""{"requestId":"{{request}}","accepted":true}""");
        await bob.ExpectErrorAsync("ERR_6001");
    }

    [Fact]
    public async Task AMemberEndsTheSession()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        await using var eve = await host.RegisterAsync("eve");
        var session = await OpenSessionAsync(alice, bob, "bob");
        await eve.SendAsync("SESSION_END", $$"""{"sessionId":"{{session}}"}""");
        await eve.ExpectErrorAsync("ERR_3008");
        await alice.SendAsync("SESSION_END", $$"""{"sessionId":"{{session}}"}""");
        Assert.Equal("ended", (await alice.ExpectAsync("SESSION_ENDED")).Text("reason"));
        Assert.Equal("alice", (await bob.ExpectAsync("SESSION_ENDED")).Text("peerId"));
        await bob.SayAsync(session, "1");
        await bob.ExpectErrorAsync("ERR_3001");
    }

    [Fact]
    public async Task StatusAndKeyAreSeenInTheNetwork()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await host.JoinNetworkAsync("bob", await host.CreateNetworkAsync("alice"));
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.LogInAsync("bob", "Bob");
        await using var stranger = await host.RegisterAsync("stranger");
        await bob.SendAsync("PEER_REGISTER", $$"""{"publicKey":"{{PublicKey}}"}""");
        Assert.Equal(PublicKey, (await bob.ExpectAsync("PEER_REGISTERED")).GetProperty("profile").Text("publicKey"));
        var seen = await alice.ExpectAsync("PEER_STATUS_UPDATE");
        Assert.Equal(PublicKey, seen.GetProperty("profile").Text("publicKey"));
        await bob.SendAsync("SET_STATUS", """{"status":"busy"}""");
        Assert.Equal("busy", (await bob.ExpectAsync("STATUS_SET")).Text("status"));
        Assert.Equal(("busy", "LAN"), await alice.ExpectPresenceAsync("bob"));
        await bob.SendAsync("SET_STATUS", """{"status":"busy"}""");
        await bob.ExpectAsync("STATUS_SET");
        await bob.SendAsync("SET_STATUS", """{"status":"asleep"}""");
        await bob.ExpectErrorAsync("ERR_2004");
        await alice.SendAsync("DISCOVER_PEERS", "{}");
        var listed = Assert.Single((await alice.ExpectAsync("PEERS_LIST")).GetProperty("peers").EnumerateArray());
        Assert.Equal(("busy", PublicKey), (listed.Text("status"), listed.GetProperty("profile").Text("publicKey")));
        await bob.SendAsync("CONNECTION_REQUEST", """{"targetId":"alice"}""");
        var asked = await alice.ExpectAsync("CONNECTION_REQUEST_RECEIVED");
        Assert.Equal(PublicKey, asked.GetProperty("from").GetProperty("profile").Text("publicKey"));
        await bob.SendAsync("PEER_REGISTER", "{}");
        Assert.Equal("online", (await bob.ExpectAsync("PEER_REGISTERED")).Text("status"));
        Assert.Equal(("online", "LAN"), await alice.ExpectPresenceAsync("bob"));
        await stranger.SendAsync("CONNECTION_REQUEST", """{"targetId":"alice"}""");
        await stranger.ExpectErrorAsync("ERR_2007");
    }

    [Fact]
    public async Task TokensAreRenewedAndRunOut()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        await using var host = await PeerSyncTestHost.StartAsync("peersync.websocket.heartbeat-interval = 1h", time);
        await using var renewed = await host.ConnectAsync();
        await using var expired = await host.ConnectAsync();
        foreach (var (client, user) in new[] { (renewed, "alice"), (expired, "bob") })
        {
            await client.SendAsync("AUTH", $$"""{"token":"{{host.Token(user, lifetime: TimeSpan.FromMinutes(1))}}"}""");
            await client.ExpectAsync("AUTH_SUCCESS");
        }

        await renewed.SendAsync("AUTH", $$"""{"token":"{{host.Token("alice", lifetime: TimeSpan.FromHours(1))}}"}""");
        await renewed.ExpectAsync("AUTH_SUCCESS");
        Pass(time, 115);
        await expired.BarrierAsync();
        Pass(time, 10);
        Assert.Equal("ERR_1003", (await expired.ExpectAsync("AUTH_FAILED")).Text("code"));
        Assert.Equal((4001, "Authentication failed"), await expired.WaitForCloseAsync());
        await renewed.BarrierAsync();
    }

    [Fact]
    public async Task ASecondLoginSupersedesEvenBeforeRegistration()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var bob = await host.RegisterAsync("bob");
        await using var first = await host.LogInAsync("alice");
        await using var second = await host.RegisterAsync("alice");
        await first.ExpectErrorAsync("ERR_2005");
        Assert.Equal((4002, "Superseded by new connection"), await first.WaitForCloseAsync());
        await using var third = await host.RegisterAsync("alice");
        await second.ExpectErrorAsync("ERR_2005");
        Assert.Equal(4002, (await second.WaitForCloseAsync()).Code);
        await AskAsync(bob, third, "alice");
        await using var dave = await host.LogInAsync("dave");
        await dave.SendAsync("AUTH", $$"""{"token":"{{host.Token("bob")}}"}""");
        await dave.ExpectErrorAsync("ERR_5002");
        Assert.Equal(1008, (await dave.WaitForCloseAsync()).Code);
        await bob.BarrierAsync();
    }

    [Fact]
    public async Task TheLateEndOfASupersededSocketTouchesNobodyElse()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await host.JoinNetworkAsync("bob", await host.CreateNetworkAsync("alice"));
        await using var bob = await host.RegisterAsync("bob");

        // Never read, so that it answers no close frame.
        using var old = new ClientWebSocket();
        await old.ConnectAsync(new Uri($"ws://{host.Address.Authority}/ws"), PeerSyncTestHost.Cancel);
        foreach (var text in new[] { $$$"""{"event":"AUTH","data":{"token":"{{{host.Token("alice")}}}"}}""", """{"event":"PEER_REGISTER"}""" })
        {
            await old.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, PeerSyncTestHost.Cancel);
        }

        Assert.Equal(("online", "LAN"), await bob.ExpectPresenceAsync("alice"));
        await using var alice = await host.RegisterAsync("alice");
        Assert.Equal(("online", "LAN"), await bob.ExpectPresenceAsync("alice"));
        old.Abort();
        var connections = host.Get<SocketServer>().Connections;
        await Eventually.TrueAsync(() => connections.Count == 2, () => $"the end of the old socket; there are {connections.Count} connections");
        await AskAsync(bob, alice, "alice");
        await bob.BarrierAsync();
    }

    [Fact]
    public async Task ASessionWaitsForItsMembers()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        await using var host = await PeerSyncTestHost.StartAsync("peersync { websocket.heartbeat-interval = 1h, peers.session-absence = 47s }", time);
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        await bob.CloseAsync();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(47));
        Pass(time, 46);
        await using var back = await host.RegisterAsync("bob");
        await alice.SayAsync(session, "\"again\"");
        await back.HearAsync(session, "alice", "\"again\"");
        Pass(time, 48);
        await back.SayAsync(session, "\"still\"");
        await alice.HearAsync(session, "bob", "\"still\"");
        back.Abort();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(47));
        Pass(time, 48);
        var ended = await alice.ExpectAsync("SESSION_ENDED");
        Assert.Equal(("absent", "bob"), (ended.Text("reason"), ended.Text("peerId")));
        await alice.SayAsync(session, "1");
        await alice.ExpectErrorAsync("ERR_3001");
    }

    [Fact]
    public async Task EventsBehindALoginWait()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("AUTH", $$"""{"token":"{{host.Token("alice")}}"}""");
        await client.SendAsync("PEER_REGISTER", "{}");
        await client.SendAsync("DISCOVER_PEERS", "{}");
        await client.SendAsync("PING", "{}");
        await client.ExpectAsync("AUTH_SUCCESS");
        var next = new[] { await client.ReceiveAsync(), await client.ReceiveAsync(), await client.ReceiveAsync() };
        Assert.Equal(["PEERS_LIST", "PEER_REGISTERED", "PONG"], next.Select(static text => EventName().Match(text).Groups[1].Value).Order());
    }

    [Fact]
    public async Task ALiveSocketFollowsItsNetwork()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var first = await host.CreateNetworkAsync("alice");
        await host.JoinNetworkAsync("bob", first);
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        await using var carol = await host.RegisterAsync("carol");
        Assert.Equal(("online", "LAN"), await alice.ExpectPresenceAsync("bob"));
        await host.CreateNetworkAsync("bob");
        Assert.Equal(("offline", "REMOTE"), await alice.ExpectPresenceAsync("bob"));
        Assert.Equal(("offline", "REMOTE"), await bob.ExpectPresenceAsync("alice"));
        await host.JoinNetworkAsync("carol", first);
        Assert.Equal(("online", "LAN"), await alice.ExpectPresenceAsync("carol"));
        Assert.Equal(("online", "LAN"), await carol.ExpectPresenceAsync("alice"));
        using (await host.CallAsync(HttpMethod.Post, "/api/v1/network/leave", "carol"))
        {
            Assert.Equal(("offline", "REMOTE"), await alice.ExpectPresenceAsync("carol"));
            Assert.Equal(("offline", "REMOTE"), await carol.ExpectPresenceAsync("alice"));
        }

        await alice.BarrierAsync();
        await bob.BarrierAsync();
        await carol.BarrierAsync();
    }

    [Fact]
    public async Task DiscoveryFilters()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        var code = await host.CreateNetworkAsync("alice");
        await using var alice = await host.RegisterAsync("alice");
        await using var near = await MemberAsync(host, code, "near", null, "vim", "host");
        await using var far = await MemberAsync(host, code, "far", "198.51.100.9", "vscode", "host");
        Assert.Equal(("online", "LAN"), await alice.ExpectPresenceAsync("near"));
        Assert.Equal(("online", "REMOTE"), await alice.ExpectPresenceAsync("far"));
        foreach (var (filter, names) in new[]
        {
            ("{}", "near,far"), ("""{"lanOnly":true}""", "near"), ("""{"ide":"vscode"}""", "far"), ("""{"role":"host","ide":""}""", "near,far"),
            ("""{"role":"host","ide":"vim","lanOnly":1}""", "near"), ("""{"role":"Host"}""", string.Empty),
        })
        {
            await alice.SendAsync("DISCOVER_PEERS", filter);
            var peers = (await alice.ExpectAsync("PEERS_LIST")).GetProperty("peers").EnumerateArray();
            Assert.Equal((filter, names), (filter, string.Join(',', peers.Select(static peer => peer.Text("id")))));
        }
    }

    [Fact]
    public async Task RequestsAreLimited()
    {
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.requests-per-identity { burst = 8, per-minute = 1 }");
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        await alice.SendAsync("CONNECTION_REQUEST", """{"targetId":"alice"}""");
        await alice.ExpectErrorAsync("ERR_6002");
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(alice, bob, "bob");
        }

        await alice.SendAsync("CONNECTION_REQUEST", """{"targetId":"bob"}""");
        Assert.Equal("Too many open requests", (await alice.ExpectAsync("ERROR")).Text("message"));
        await alice.SendAsync("CONNECTION_REQUEST", """{"targetId":"nobody"}""");
        await alice.ExpectErrorAsync("ERR_2001");
        await alice.SendAsync("CONNECTION_REQUEST", """{"targetId":"nobody"}""");
        Assert.Equal("Rate limit exceeded", (await alice.ExpectAsync("ERROR")).Text("message"));
    }

    [Fact]
    public async Task ContentTravelsByteForByte()
    {
        var deep = new string('[', 1000) + new string(']', 1000);
        string[] contents =
        [
            deep, "\"\\ud800\"", "\"\\u0000\"", """{"__proto__":{"a":1},"constructor":null}""", "9007199254740993", "-18446744073709551616", "1e400", """{"a":1,"a":2}""",
            "\"\"", "null", "1.0", "\"\\u0041\\/\"", "{ \"a\" : [ 1 , 2 ] }", $"\"{new string('x', 1024 * 1024)}\"",
        ];
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        foreach (var content in contents)
        {
            await alice.SayAsync(session, content);
            Assert.Equal(Expected(session, $"\"content\":{content},"), Timeless(await bob.ReceiveAsync()));
        }
    }

    [Fact]
    public async Task UnknownMembersTravelAndForgedOnesDoNot()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        await alice.SendAsync(
            "SEND_MESSAGE",
            $$$"""{"from":"mallory","fr\u006fm":"mallory","timestamp":"never","time\u0073tamp":0,"sessionId":"other","later":{"x":[1]},"session\u0049d":"{{{session}}}","replyToId":null}""");
        Assert.Equal(Expected(session, "\"later\":{\"x\":[1]},\"replyToId\":null,"), Timeless(await bob.ReceiveAsync()));
        Assert.DoesNotContain("mallory", await EchoAsync(alice, bob, session), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEndingSessionAnswersEverybody()
    {
        const int messages = 300;
        await using var host = await PeerSyncTestHost.StartAsync("peersync.rate-limits.enabled = off");
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        var talking = Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++)
            {
                await bob.SayAsync(session, "1");
            }
        });
        await alice.ExpectAsync("MESSAGE_RECEIVED");
        await alice.SendAsync("SESSION_END", $$"""{"sessionId":"{{session}}"}""");
        await talking;
        var heard = 1;
        while (!(await alice.ReceiveAsync()).Contains("SESSION_ENDED", StringComparison.Ordinal))
        {
            heard++;
        }

        // The end comes from his user's entity and the refusals from the session, so either may overtake the other.
        var (ended, refused) = (0, 0);
        while (ended + refused < 1 + messages - heard)
        {
            var message = await bob.ReceiveAsync();
            if (message.Contains("SESSION_ENDED", StringComparison.Ordinal))
            {
                ended++;
            }
            else
            {
                Assert.Contains("ERR_3001", message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.Equal(1, ended);

        await bob.BarrierAsync();
        await alice.BarrierAsync();
    }

    [GeneratedRegex("\"event\":\"([A-Z_]+)\"")]
    private static partial Regex EventName();

    [GeneratedRegex("\"timestamp\":\"[0-9TZ:.-]{24}\"\\}\\}$")]
    private static partial Regex LastTimestamp();

    private static string Timeless(string message) => LastTimestamp().Replace(message, "\"timestamp\":\"T\"}}");

    private static string Expected(string session, string members) =>
        $$"""{"event":"MESSAGE_RECEIVED","data":{"sessionId":"{{session}}","from":"alice",{{members}}"timestamp":"T"}""" + "}";

    private static async Task<string> EchoAsync(SocketClient alice, SocketClient bob, string session)
    {
        await alice.SendAsync("SEND_MESSAGE", $$"""{"sessionId":"{{session}}","\u0066rom":"mallory"}""");
        return await bob.ReceiveAsync();
    }

    private static async Task<SocketClient> MemberAsync(PeerSyncTestHost host, string code, string user, string? address, string ide, string role)
    {
        await host.JoinNetworkAsync(user, code);
        var client = await host.ConnectAsync(configure: options => options.SetRequestHeader("X-Forwarded-For", address));
        await client.SendAsync("AUTH", $$"""{"token":"{{host.Token(user)}}"}""");
        await client.ExpectAsync("AUTH_SUCCESS");
        await client.SendAsync("PEER_REGISTER", $$"""{"ide":"{{ide}}","role":"{{role}}"}""");
        await client.ExpectAsync("PEER_REGISTERED");
        return client;
    }

    private static void Pass(ManualTimeProvider time, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
