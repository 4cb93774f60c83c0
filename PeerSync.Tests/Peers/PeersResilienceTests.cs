using System.Net.WebSockets;
using PeerSync.Actors.Peers;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Peers.PeersConversation;

namespace PeerSync.Tests.Peers;

/// <summary>Two members talk while others misbehave.</summary>
public sealed class PeersResilienceTests
{
    private const string Unlimited = "peersync.rate-limits.enabled = off";

    [Fact]
    public async Task GarbageHarmsOnlyItsSender()
    {
        string[] garbage =
        [
            "null", "[]", "5", "true", "\"AUTH\"", "{}", string.Empty, "not json", "{", "\ufeff{}", new string('[', 5000), """{"event":{"toString":null,"valueOf":null}}""",
            """{"event":null}""", """{"event":7}""", """{"event":[]}""", """{"event":"NOPE"}""", $$"""{"event":"{{new string('x', 5000)}}"}""", """{"event":"\ud800"}""",
            """{"event":"SEND_MESSAGE","data":null}""", """{"event":"SEND_MESSAGE","data":{"sessionId":{}}}""", """{"event":"SEND_MESSAGE","data":{"sessionId":"\ud800"}}""",
            """{"event":"CONNECTION_REQUEST","data":{"targetId":["a"]}}""", """{"event":"CONNECTION_REQUEST","data":{"targetId":"__proto__"}}""",
            """{"event":"CONNECTION_RESPONSE","data":{"requestId":{},"accepted":"false"}}""", """{"event":"CONNECTION_RESPONSE","data":{"requestId":"x","accepted":"yes"}}""",
            """{"event":"CONNECTION_CANCEL","data":7}""", """{"event":"SESSION_END","data":[]}""", """{"event":"SET_STATUS","data":{"status":{}}}""",
        ];
        await using var host = await PeerSyncTestHost.StartAsync(Unlimited);
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        await using var stranger = await host.ConnectAsync();
        await using var member = await host.RegisterAsync("eve");
        var said = 0;
        foreach (var client in new[] { stranger, member })
        {
            foreach (var text in garbage)
            {
                await client.SendAsync(text);
                await client.ExpectAsync("ERROR");
                await alice.SayAsync(session, $"{++said}");
                await bob.HearAsync(session, "alice", $"{said}");
            }

            await client.SendAsync(new byte[] { 0xff, 0xfe }, WebSocketMessageType.Binary);
            await client.ExpectErrorAsync("ERR_5003");
        }

        await stranger.SendAsync(new byte[] { 0xc3, 0x28 }, WebSocketMessageType.Text);
        Assert.Equal(1007, (await stranger.WaitForCloseAsync()).Code);
        await member.SendAsync(new byte[(4 * 1024 * 1024) + 1], WebSocketMessageType.Binary);
        Assert.Equal(1009, (await member.WaitForCloseAsync()).Code);
        await bob.SayAsync(session, "\"over\"");
        await alice.HearAsync(session, "bob", "\"over\"");
    }

    [Fact]
    public async Task ChurnDisturbsNobody()
    {
        const int clients = 100;
        await using var host = await PeerSyncTestHost.StartAsync(Unlimited);
        await using var alice = await host.RegisterAsync("alice");
        await using var bob = await host.RegisterAsync("bob");
        var session = await OpenSessionAsync(alice, bob, "bob");
        var churn = Parallel.ForAsync(0, clients, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            // Ten people, each of whom comes back ten times, so that they supersede and follow each other's remains.
            await using var client = await host.ConnectAsync();
            try
            {
                await client.SendAsync("AUTH", $$"""{"token":"{{host.Token($"visitor-{i % 10}")}}"}""");
                await client.SendAsync("PEER_REGISTER", "{}");
                await client.SendAsync("CONNECTION_REQUEST", $$"""{"targetId":"visitor-{{(i + 1) % 10}}"}""");
                if (i % 3 != 0)
                {
                    await client.ReceiveAsync();
                }
            }
            catch (WebSocketException)
            {
                // A later visit of the same person was faster and has superseded this one, as it should.
            }

            client.Abort();
        });
        var said = 0;
        do
        {
            await alice.SayAsync(session, $"{++said}");
            await bob.HearAsync(session, "alice", $"{said}");
            await bob.SayAsync(session, $"{said}");
            await alice.HearAsync(session, "bob", $"{said}");
        }
        while (!churn.IsCompleted || said < 100);

        await churn;
        var counters = host.Get<PeersCounters>();
        var connections = host.Get<SocketServer>().Connections;
        await Eventually.TrueAsync(
            () => (connections.Count, counters.PeersOnline, counters.SessionsOpen, counters.RequestsOpen) == (2, 2, 1, 0),
            () => $"two connections, two peers, one session, no request; there are {connections.Count}, {counters.PeersOnline}, {counters.SessionsOpen}, {counters.RequestsOpen}");
    }

    [Fact]
    public async Task ComingBackAtOnceAlwaysWorks()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Unlimited);
        await host.JoinNetworkAsync("bob", await host.CreateNetworkAsync("alice"));
        for (var i = 0; i < 100; i++)
        {
            await using var alice = await host.RegisterAsync("alice");
            await using var bob = await host.RegisterAsync("bob");
            await bob.SendAsync("DISCOVER_PEERS", "{}");
            Assert.Single((await bob.ExpectAsync("PEERS_LIST")).GetProperty("peers").EnumerateArray());
        }
    }
}
