using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PeerSync.Actors.Sync;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>Two devices of a user go on while others misbehave.</summary>
public sealed class SyncResilienceTests
{
    private const string Unlimited = "peersync.rate-limits.enabled = off";
    private const string InvalidFormat = "Invalid message format";
    private const string Failed = "An error occurred processing your message";
    private const int MaxFrame = 15 * 1024 * 1024;

    private readonly SyncIdentity _alice = new();

    [Fact]
    public async Task GarbageHarmsOnlyItsSender()
    {
        (string Text, int Code, string Reason)[] fatal =
        [
            ("null", 1011, Failed),
            (" null ", 1011, Failed),
            (string.Empty, 1008, InvalidFormat),
            ("not json", 1008, InvalidFormat),
            ("{", 1008, InvalidFormat),
            ("\ufeff{}", 1008, InvalidFormat),
            ("""{"type":"ping"}{}""", 1008, InvalidFormat),
            (new string('[', 5000), 1008, InvalidFormat),
            ("""{"type":"event"}""", 1011, "Invalid event structure"),
            ("""{"type":"event","payload":null}""", 1011, "Invalid event structure"),
            ("""{"type":"event","payload":[[]]}""", 1011, "Invalid event structure"),
            ("""{"type":"event","payload":{"event_id":{"toString":null} } }""", 1011, "Invalid event structure"),
        ];
        string[] ignored =
        [
            "5", "-1e999", "true", "\"ping\"", "[]", "{}", """["ping"]""", """{"type":null}""", """{"type":7}""", """{"type":["ping"]}""",
            """{"type":"nope"}""",
            """{"type":"\ud800"}""", """{"type":"PING"}""", $$"""{"type":"{{new string('x', 5000)}}"}""", """{"type":"ack"}""",
            """{"type":"ack","payload":null}""",
            """{"type":"ack","payload":{"device_seq":1e400} }""", """{"type":"ack","payload":{"device_seq":9007199254740991} }""", """{"type":"__proto__"}""",
            """{"type":"server_hello"}""", """{"type":"client_hello"}""", """{"type":"client_auth","payload":{"type":"client_auth"} }""",
            $$"""{"type":"x","payload":{{new string('[', 500)}}{{new string(']', 500)}} }""",
        ];
        await using var host = await PeerSyncTestHost.StartAsync(Unlimited);
        await using var pair = await Pair.LogInAsync(host, _alice);
        var eve = new SyncIdentity();
        var eveDevice = Guid.NewGuid();
        foreach (var (text, code, reason) in fatal)
        {
            await using var member = await SyncClient.LogInAsync(host, eve, eveDevice);
            await member.Socket.SendAsync(text);
            await member.ExpectCloseAsync(code, reason);
            await pair.TalkAsync();
        }

        await using (var member = await SyncClient.LogInAsync(host, eve, eveDevice))
        {
            foreach (var text in ignored)
            {
                await member.Socket.SendAsync(text);
                await member.BarrierAsync();
                await pair.TalkAsync();
            }

            await member.SendAsync("complete_pairing", """{"pairing_code":{} }""");
            await member.ExpectAsync("pairing_failed");
            await member.SendAsync("replay_request", """{"limit":-1e308,"continuation_token":[],"last_ack_device_seq":"\ud800"}""");
            await member.ExpectAsync("replay_response");
            await member.Socket.SendAsync(Encoding.UTF8.GetBytes("""{"type":"ping"}"""), WebSocketMessageType.Binary);
            await member.ExpectAsync("pong");
            await member.Socket.SendAsync(new byte[] { 0xc3, 0x28 }, WebSocketMessageType.Text);
            Assert.Equal(1007, (await member.Socket.WaitForCloseAsync()).Code);
        }

        // Before its login nothing is ignored: whatever is no next step of the handshake ends the socket.
        foreach (var text in fatal.Select(static entry => entry.Text).Concat(ignored))
        {
            await using var stranger = await SyncClient.ConnectAsync(host, eve);
            await stranger.SayHelloAsync();
            await stranger.Socket.SendAsync(text);
            Assert.Contains((await stranger.Socket.WaitForCloseAsync()).Code, (int[])[1008, 1011]);
            await pair.TalkAsync();
        }
    }

    [Fact]
    public async Task LoneSurrogatesAreCarriedAsTheyAre()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var pair = await Pair.LogInAsync(host, _alice);
        var id = await pair.Laptop.SendEventAsync(1_000_000, extra: ",\"note\":\"\\ud800 \\uDFFF\",\"\\udc00\":[\"\\u0000\"]");
        await pair.Laptop.ExpectAckAsync(1_000_000);
        var received = await pair.Phone.Socket.ReceiveAsync();
        Assert.Contains(id.ToString(), received, StringComparison.Ordinal);
        Assert.Contains(",\"note\":\"\\ud800 \\uDFFF\",\"\\udc00\":[\"\\u0000\"]", received, StringComparison.Ordinal);
        await pair.Laptop.SendAsync("scratchpad_sync", "\"\\ud800\"");
        Assert.Equal("""{"type":"scratchpad_sync","payload":"\ud800"}""", await pair.Phone.Socket.ReceiveAsync());

        // Where they are part of a name, the event can never be accepted.
        await pair.Laptop.SendEventAsync(1_000_001, stream: "\\ud800");
        await pair.Laptop.ExpectAckAsync(1_000_001);
        await pair.Laptop.SendEventAsync(1_000_002, type: "clipboard:\\udc00");
        await pair.Laptop.ExpectAckAsync(1_000_002);
        await pair.TalkAsync();
    }

    [Fact]
    public async Task TheLargestEventIsRelayedAndReplayedAndALargerOneIsRefused()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var laptop = await SyncClient.LogInAsync(host, _alice);
        await using var phone = await SyncClient.LogInAsync(host, _alice);
        await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
        var id = Guid.CreateVersion7();
        var empty = $$"""{"type":"event","payload":{{laptop.EventJson(id, 1, content: string.Empty)}} }""";
        var payload = new string('A', (MaxFrame - empty.Length) / 4 * 4);
        var frame = empty.Replace("\"encrypted_payload\":\"\"", $"\"encrypted_payload\":\"{payload}\"", StringComparison.Ordinal).PadRight(MaxFrame);
        await laptop.Socket.SendAsync(frame);
        await laptop.ExpectAckAsync(1);
        Assert.Equal(payload, PayloadOf(await phone.ExpectEventAsync(id)));
        await phone.SendEventAsync(1);
        await phone.ExpectAckAsync(1);
        await laptop.ExpectAsync("event");

        // The rest does not fit into the same page.
        await using (var tablet = await SyncClient.LogInAsync(host, _alice))
        {
            var page = await tablet.ExpectAsync("replay_response");
            Assert.Equal(payload, PayloadOf(Assert.Single(page.GetProperty("events").EnumerateArray())));
            Assert.True(page.GetProperty("has_more").GetBoolean());
            await tablet.CloseAsync();
        }

        foreach (var device in new[] { laptop, phone })
        {
            await device.ExpectAsync("device_status_changed");
            await device.ExpectAsync("device_status_changed");
        }

        await laptop.Socket.SendAsync(frame + " ");
        await laptop.ExpectCloseAsync(1009, string.Empty);
        await phone.ExpectPresenceAsync(laptop.DeviceId, online: false);
        await phone.BarrierAsync();
    }

    [Fact]
    public async Task ChurnDisturbsNobody()
    {
        const int devices = 100;
        const int users = 50;
        const int visits = 3;
        await using var host = await PeerSyncTestHost.StartAsync(Unlimited);
        await using var pair = await Pair.LogInAsync(host, _alice);
        var crowd = Enumerable.Range(0, users).Select(static _ => new SyncIdentity()).ToArray();
        var ids = Enumerable.Range(0, devices).Select(static _ => Guid.NewGuid()).ToArray();
        var churn = Parallel.ForAsync(0, devices, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            for (var visit = 0; visit < visits; visit++)
            {
                await VisitAsync(host, crowd[i % users], ids[i], visit);
            }
        });
        do
        {
            await pair.TalkAsync();
        }
        while (!churn.IsCompleted);

        await churn;
        var counters = host.Get<SyncCounters>();
        var connections = host.Get<SocketServer>().Connections;
        await Eventually.TrueAsync(
            () => (connections.Count, counters.DevicesOnline, counters.UsersOnline) == (2, 2, 1),
            () => $"two connections, two devices, one user; there are {connections.Count}, {counters.DevicesOnline}, {counters.UsersOnline}");

        // What each visit had acknowledged is there, once, and counted without a gap.
        for (var i = 0; i < users; i++)
        {
            await using var late = await SyncClient.LogInAsync(host, crowd[i]);
            var page = await late.ExpectAsync("replay_response");
            var events = page.GetProperty("events").EnumerateArray().ToList();
            Assert.Equal(Enumerable.Range(1, devices / users * visits), events.Select(static item => item.GetProperty("stream_seq").GetInt32()));
            Assert.All(events, item => Assert.Equal(crowd[i].UserId, item.GetProperty("user_id").GetString()));
        }
    }

    private static async Task VisitAsync(PeerSyncTestHost host, SyncIdentity user, Guid deviceId, int visit)
    {
        await using var device = await SyncClient.LogInAsync(host, user, deviceId);
        Assert.Equal(visit, device.LastAckDeviceSeq);
        await device.SendEventAsync(visit + 1);
        await device.SendAsync("replay_request", """{"limit":1000}""");
        for (var isAcknowledged = false; !isAcknowledged;)
        {
            using var message = JsonDocument.Parse(await device.Socket.ReceiveAsync("an ack"));
            isAcknowledged = message.RootElement.GetProperty("type").GetString() == "ack";
            if (message.RootElement.GetProperty("payload").TryGetProperty("user_id", out var owner))
            {
                Assert.Equal(user.UserId, owner.GetString());
            }
        }

        // Some hang up in the middle of a frame.
        if (visit == 1)
        {
            await device.Socket.SendAsync(Encoding.UTF8.GetBytes("""{"type":"event","payload":"""), WebSocketMessageType.Text, endOfMessage: false);
        }

        device.Socket.Abort();
    }

    private static string? PayloadOf(JsonElement received) => received.GetProperty("encrypted_payload").GetString();

    /// <summary>Two devices that answer each other.</summary>
    private sealed class Pair(SyncClient laptop, SyncClient phone) : IAsyncDisposable
    {
        private int _said;

        internal SyncClient Laptop { get; } = laptop;

        internal SyncClient Phone { get; } = phone;

        internal static async Task<Pair> LogInAsync(PeerSyncTestHost host, SyncIdentity identity)
        {
            var laptop = await SyncClient.LogInAsync(host, identity);
            var phone = await SyncClient.LogInAsync(host, identity);
            await laptop.ExpectPresenceAsync(phone.DeviceId, online: true);
            return new Pair(laptop, phone);
        }

        internal async Task TalkAsync()
        {
            _said++;
            var id = await Laptop.SendEventAsync(_said, $"{_said}");
            await Laptop.ExpectAckAsync(_said);
            await Phone.ConfirmAsync(await Phone.ExpectEventAsync(id));
        }

        public async ValueTask DisposeAsync()
        {
            await Laptop.DisposeAsync();
            await Phone.DisposeAsync();
        }
    }
}
