using System.Net;
using System.Text.Json.Nodes;
using PeerSync.Actors.Sync;
using PeerSync.Host.Http;
using PeerSync.Host.Sync;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sync;

/// <summary>The recorded exchanges that have sockets in them, with the deviations that the contract asks for.</summary>
public sealed class SyncTranscriptTests
{
    private const string AdminKey = "the-admin-key-of-the-tests";
    private const string FixedTexts = "2.6, F4: fixed texts";
    private const string OneCopy = "4.5, F8: one copy for each socket";
    private const string Duplicates = "4.3: duplicates are known by event_id and by device_seq, also after a reconnect";
    private const string Acknowledged = "13, F19: what can never be accepted is dropped and acknowledged";

    private const string Revoked =
        """
        {"type":"device_revoked","payload":{"type":"device_revoked","reason":"Device has been revoked","timestamp":"<timestamp:number>"}}
        """;

    [Fact]
    public async Task Handshake()
    {
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "handshake_happy").With("tablet.deviceId.upper", "BFC92E2E-ADF3-4385-B6B0-B1043B889E92");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task HandshakeErrors()
    {
        const string version4 = "2.6: another version than 4 is refused at the handshake";
        var key = SyncClient.CreateEphemeralKey();
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "handshake_errors")
            .FromManyAddresses()
            .With("nonceC3", new string('a', 62))
            .With("nonceC4", new string('z', 64))
            .With("clientEphemeralPub4", key[..66])
            .With("clientEphemeralPub5", "02" + key[2..66])
            .With("clientEphemeralPub6", "06" + key[2..])
            .With("clientEphemeralPub7", "04" + key[66..] + key[2..66])
            .With("clientEphemeralPub8", new string('z', 130))
            .Forge(144, 190)
            .Replace(9, Closed("c2", 1011, "An error occurred processing your message"), FixedTexts)
            .Replace(131, Closed("c28", 1008, "Invalid device_id"), FixedTexts)
            .Replace(137, Closed("c29", 1008, "Invalid device_id"), version4)
            .Skip(version4, 139)
            .Replace(163, Closed("c33", 1008, "Invalid device_type"), FixedTexts)
            .Replace(169, Closed("c34", 1008, "Invalid device_name"), FixedTexts)
            .Replace(198, Closed("c38", 1008, "Invalid client signature"), "2.6: what is sent ahead is queued");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task EventSequences()
    {
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "events_sequence")
            .Skip(OneCopy, 15, 26, 31, 41, 45, 64)
            .Skip(Duplicates, 35, 36, 58, 59)
            .Before(
                68,
                "4.3: late events are accepted, however late",
                Received("phone", Event("<eventId8>", 100, "Y2lwaGVydGV4dC0xMDA=")));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task EventErrors()
    {
        const string strict = "13, F25: what is not base64 is refused";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "events_errors")
            .With("eventId8", Guid.NewGuid().ToString())
            .Before(49, Acknowledged, Ack("c9", 1))
            .Before(65, Acknowledged, Ack("c12", 1))
            .Before(108, Acknowledged, Ack("c20", 1))
            .Before(124, Acknowledged, Ack("c23", 1))
            .Replace(75, Closing("c14"), "13, F5: another device's event is ignored")
            .Skip("the note behind it stands for the whole handshake", 104)
            .Replace(139, Closed("c26", 1011, "Invalid event structure"), strict)
            .Skip(strict, 141)
            .Replace(197, Closed("c35", 1011, "An error occurred processing your message"), FixedTexts);
        transcript
            .At(150, () => ExpireAsync(transcript, host, TimeSpan.FromMinutes(10)))
            .At(155, () => ExpireAsync(transcript, host, TimeSpan.FromMinutes(1)));

        // What one device has stored is pushed to all that come later, but not the event of line 155, which has expired by then.
        for (var connection = 9; connection <= 35; connection++)
        {
            transcript.Pushed($"c{connection}", "eventId7");
        }

        await transcript.Pushed("bad", "eventId7").ReplayAsync();
    }

    [Fact]
    public async Task OneDeviceOnFourSockets()
    {
        const string order = "logins on several sockets arrive in any order unless one waits for the other";
        const string replaced = "13, F6: a socket takes the place of the same device's former one before anything is counted";
        const string reason = "New connection established for this device";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "same_device_three")
            .Move(18, before: 15, order)
            .Move(19, before: 16, order)
            .Move(21, before: 17, order)
            .Replace(23, Closing("c4"), replaced)
            .Replace(24, Closed("c2", 1000, reason), replaced)
            .Replace(25, Closed("c3", 1000, reason), replaced);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task DeviceTakeover()
    {
        const string rule = "13, F2: a device belongs to the identity that first registered it";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "device_takeover_flaw")
            .Replace(21, Closed("mallory", 1008, "Device belongs to another user"), rule)
            .Skip(rule, 22, 24, 25, 27, 28, 29, 30);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LifeCycle()
    {
        const string rule = "8, 13, F13: a session ends when it was announced to, whoever answers pings";
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync("peersync.sync.session-timeout = 50000", time);
        var expiring = (string connection) => Received(
            connection,
            """
            {"type":"session_expiring_soon","payload":{"type":"session_expiring_soon","expires_in_seconds":"<seconds:number>",
             "expires_at":"<expires_at:number>"}}
            """);
        await using var transcript = new SyncTranscript(host, "lifecycle")
            .Mute("mute-no-pong")
            .At(16, () => PassAsync(time, 30))
            .Replace(18, expiring("live"), rule)
            .Before(19, rule, expiring("mute-no-pong"))
            .Before(20, rule, Closed("live", 1008, "Session expired. Please re-authenticate."));
        transcript
            .At(20, () => PassAsync(time, 22))
            .At(22, () =>
            {
                Assert.False(transcript.Client("idle").Closed.IsCompleted, "The minute of the handshake is not over.");
                return PassAsync(time, 10);
            });
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Shutdown()
    {
        await using var host = await StartAsync();
        var stopped = Task.CompletedTask;
        await using var transcript = new SyncTranscript(host, "shutdown").At(8, () =>
        {
            stopped = host.Server.StopAsync(PeerSyncTestHost.Cancel);
            return Task.CompletedTask;
        });
        await transcript.ReplayAsync();
        await stopped;
    }

    [Fact]
    public async Task NoFullResync()
    {
        const string rule = "4.6, F12: everything is paged through";
        const int count = 10_002;
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "full_resync").Skip(rule, 15, 16, 26);
        var received = new List<string>();
        transcript
            .At(9, () => BurstAsync(transcript, "laptop", "alice", "laptop", 2, count - 1))
            .At(15, async () =>
            {
                var page = await ReadPageAsync(transcript.Client("phone"));
                received.AddRange(IdsOf(page));
                while ((bool)page["has_more"]!)
                {
                    // As the web client asks: wrapped.
                    await transcript.Client("phone").SendAsync(
                        $$"""
                        {"type":"replay_request","payload":{"last_ack_device_seq":0,"limit":100,"continuation_token":"{{page["continuation_token"]}}"} }
                        """);
                    page = await ReadPageAsync(transcript.Client("phone"));
                    received.AddRange(IdsOf(page));
                }

                Assert.Equal(count, received.Distinct().Count());
                Assert.Equal(count, received.Count);
            })
            .At(19, () => Eventually.TrueAsync(
                () => host.Server.Store.Sync.FindDeviceAsync(Guid.Parse(transcript.ValueOf("phone.deviceId")), PeerSyncTestHost.Cancel)
                    .GetAwaiter().GetResult()!.Cursor == 10_000,
                static () => "the cursor behind the last page but one"))
            .At(24, async () => Assert.Equal(received[^2..], IdsOf(await ReadPageAsync(transcript.Client("phone2")))))
            .At(27, async () => Assert.Equal(received[^2..], IdsOf(await ReadPageAsync(transcript.Client("phone2")))));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Production()
    {
        const string invalidCode = """{"error":"Invalid pairing code format"}""";
        const string anyLimit = "4.5, F11: a limit that is no number is no limit";
        await using var host = await StartAsync(
            $$"""
            peersync { environment = production, cors.origins = ["https://app.example.com"], identity.supabase.url = "https://abc.example" }
            peersync.sync { admin-key = "", server-private-key = {{new SyncIdentity().PrivateKeyHex}} }
            """);
        await using var transcript = new SyncTranscript(host, "production_mode")
            .Answer(
                2,
                "routing: the answers of the features are one superset",
                200,
                """
                {"status":"ok","env":"production","timestamp":"<timestamp:number>","uptime":"<uptime:number>",
                 "services":{"database":"connected","redis":"connected"},"version":"1.0.0","build":{"version":"1.0.0"} }
                """)
            .Answer(3, "5.0: a new server should answer 400", 400, """{"error":"Malformed request body","code":"INVALID_BODY","statusCode":400}""")
            .Answer(4, "6.1: what could never be looked up is not stored", 400, invalidCode)
            .Answer(5, "6.1: what could never be looked up is not stored", 400, invalidCode)
            .Replace(23, Closed("baddev", 1008, "Invalid device_id"), FixedTexts)
            .Before(
                30,
                anyLimit,
                Received(
                    "replay",
                    """
                    {"type":"replay_response","payload":{"type":"replay_response","events":[],"has_more":false,"page_size":0,"total_events":0}}
                    """))
            .Replace(30, Closing("replay"), anyLimit);
        Know(host, transcript, "alice", "bob");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Devices()
    {
        const string noUuid = "5.1: what is no UUID is no device";
        const string revoked = "5.3, promised: a removed device stays away";
        const string kept = "5.3: the events of a removed device are kept, and with them its numbers";
        const string atOnce = "13, F15: revocation reaches a connected socket at once";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "devices_rest")
            .Answer(
                19,
                noUuid,
                404,
                """
                {"error":"Device not found","is_empty":true,
                 "message":"The requested device was not found or does not belong to you. Connect the device to register it."}
                """)
            .Answer(29, noUuid, 404, """{"error":"Device not found"}""")
            .Answer(32, noUuid, 404, """{"error":"Device not found"}""")
            .Skip(OneCopy, 35)
            .Move(38, before: 40, "the message comes while the request is under way")
            .Replace(
                46,
                Received(
                    "laptop",
                    $$"""
                    {"type":"replay_response","payload":{"type":"replay_response","events":[{{EventOf("phone", "<eventId>", 1, "Y2lwaGVydGV4dC0x")}}],
                     "has_more":false,"page_size":1,"total_events":1} }
                    """),
                kept)
            .Replace(52, Closed("phone2", 1008, "Device has been revoked"), revoked)
            .Skip(revoked, 53, 55, 56, 57)
            .Replace(
                63,
                Received(
                    "phone3",
                    """
                    {"type":"session_established","payload":{"type":"session_established","device_id":"<phone.deviceId>","last_ack_device_seq":1,
                     "expires_at":"<expires_at:number>"} }
                    """),
                kept)
            .Skip(atOnce, 65)
            .Before(66, atOnce, Received("phone3", Revoked));
        Know(host, transcript, "alice", "bob");
        var phone = transcript.ValueOf("phone.deviceId");
        transcript
            .At(59, () => AdminAsync(host, "unrevoke-device", $$"""{"deviceId":"{{phone}}"}"""))
            .At(65, () => AdminAsync(host, "revoke-device", $$"""{"deviceId":"{{phone}}","userId":"{{transcript.ValueOf("alice.userId")}}"}"""));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Pairing()
    {
        const string foreign = """{"error":"The key pair must be that of the user who stores it"}""";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "pairing_rest")
            .With("code", "123456")
            .With("code2", "234567")
            .With("code3", "345678")
            .With("code4", "456789")
            .With("wsUrl", "wss://sync.example.test/ws")
            .With("wsUrl2", "ws://localhost:3001/ws/")
            .With("shareableWsUrl", ShareableAddress.Of("ws://localhost:3001/ws", ShareableAddress.FindLocal))
            .Skip(OneCopy, 23)
            .Answer(40, "13, F4: no texts of the database", 500, """{"error":"Failed to store pairing code"}""")
            .Answer(42, "6.1: what could never be looked up is not stored", 400, """{"error":"Invalid pairing code format"}""")
            .Answer(44, "13, F1: the body proves who stores it", 403, foreign)
            .Answer(45, "13, F1: and so nothing was stored", 404, """{"error":"Pairing code not found or expired"}""");
        Know(host, transcript, "alice", "bob");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FilesAndTheEndOfAnAccount()
    {
        const string negative = """{"error":"limit and offset must not be negative"}""";
        const string promised = "5.2, promised: accounts can be deleted";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "user_delete_and_files")
            .Skip(OneCopy, 17, 22, 27, 31)
            .Answer(2, promised, 404, """{"error":"User not found"}""")
            .Answer(37, "5.2: what is asked wrongly is no fault of the server", 400, negative)
            .Answer(38, "5.2: what is asked wrongly is no fault of the server", 400, negative)
            .Answer(
                39,
                promised,
                200,
                """
                {"success":true,"message":"User account and all associated data have been deleted","deleted":{"devices":2,"events":4}}
                """)
            .Skip(promised, 41, 42, 43, 44)
            .Before(45, promised, Received("phone", Revoked), Received("laptop", Revoked))
            .Replace(45, Closed("phone", 1008, "Device has been revoked"), promised)
            .Replace(46, Closed("laptop", 1008, "Device has been revoked"), promised);
        Know(host, transcript, "alice");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task Limits()
    {
        const string ownPlace = "13, F6: a device that comes back takes its own place";
        await using var host = await StartAsync();
        await using var transcript = new SyncTranscript(host, "limits")
            .Skip("13, F7: limits are checked before the session is established", 42)
            .Skip(ownPlace, 65)
            .Replace(66, Closed("dev2", 1000, "New connection established for this device"), ownPlace)
            .Before(67, ownPlace, Online("dev3"), Online("dev4"), Online("dev5"), Online("dev7"), Closing("dev2-again"))
            .Replace(
                85,
                Received(
                    "h15",
                    """
                    {"type":"server_hello","payload":{"type":"server_hello","server_ephemeral_pub":"<serverEphemeralPub.h15>",
                     "server_identity_pub":"<serverIdentityPub>","server_signature":"<serverSignature.h15>","nonce_s":"<nonceS.h15>"}}
                    """),
                "13, F17: successful logins of one address are not limited to 15");

        // Section 7: what comes too fast is read later, never refused.
        transcript
            .At(95, () => BurstAsync(transcript, "erin", "erin", "erin", 1, 1100))
            .At(102, () => BurstAsync(transcript, "frank", "frank", "frank", 1, 150));
        await transcript.ReplayAsync();
    }

    private static Task<PeerSyncTestHost> StartAsync(string settings = "", TimeProvider? time = null) => PeerSyncTestHost.StartAsync(
        $$"""
        peersync.listeners = [{ url = "http://127.0.0.1:0", features = [sync] }]
        peersync.sync { admin-key = "{{AdminKey}}", build.version = "1.0.0", rest-limit.max-requests = 10000 }
        {{settings}}
        """,
        time);

    // The recordings use REST before their first login.
    private static void Know(PeerSyncTestHost host, SyncTranscript transcript, params string[] people)
    {
        var address = host.Get<ClientAddresses>().Hash(new IPEndPoint(IPAddress.Loopback, 1), null);
        foreach (var person in people)
        {
            host.Get<ISyncSessionLog>().Opened(transcript.ValueOf($"{person}.userId"), address);
        }
    }

    private static Task ExpireAsync(SyncTranscript transcript, PeerSyncTestHost host, TimeSpan ago)
    {
        transcript.With("ttl", $"{(host.Time.GetUtcNow() - ago).ToUnixTimeMilliseconds()}");
        return Task.CompletedTask;
    }

    // Second by second, as the sockets' clock counts.
    private static Task PassAsync(ManualTimeProvider time, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        return Task.CompletedTask;
    }

    private static async Task BurstAsync(SyncTranscript transcript, string connection, string person, string device, int first, int count)
    {
        var client = transcript.Client(connection);
        var sending = Task.Run(async () =>
        {
            for (var number = first; number < first + count; number++)
            {
                await client.SendAsync(
                    $$"""
                    {"type":"event","payload":{"event_id":"{{Guid.CreateVersion7()}}","user_id":"{{transcript.ValueOf($"{person}.userId")}}",
                     "device_id":"{{transcript.ValueOf($"{device}.deviceId")}}","device_seq":{{number}},"stream_id":"clipboard:main","stream_seq":0,
                     "type":"clipboard:text","encrypted_payload":"Y2lwaGVydGV4dA=="} }
                    """);
            }
        });
        for (var number = first; number < first + count; number++)
        {
            Assert.Equal($$$"""{"type":"ack","payload":{"device_seq":{{{number}}}}}""", await client.ReceiveAsync($"the ack of event {number}"));
        }

        await sending;
    }

    private static async Task<JsonObject> ReadPageAsync(SocketClient client)
    {
        var message = JsonNode.Parse(await client.ReceiveAsync("a page"))!;
        Assert.Equal("replay_response", (string?)message["type"]);
        return message["payload"]!.AsObject();
    }

    private static List<string> IdsOf(JsonObject page) => [.. page["events"]!.AsArray().Select(static item => (string)item!["event_id"]!)];

    private static async Task AdminAsync(PeerSyncTestHost host, string action, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/{action}");
        request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Add("X-Admin-API-Key", AdminKey);
        using var response = await host.Http.SendAsync(request, PeerSyncTestHost.Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static string Received(string connection, string json) => $$"""{"conn":"{{connection}}","dir":"recv","json":{{json}} }""";

    private static string Closing(string connection) => $$"""{"conn":"{{connection}}","dir":"close","by":"client","code":1000}""";

    private static string Closed(string connection, int code, string reason) =>
        $$"""{"conn":"{{connection}}","dir":"close","by":"server","code":{{code}},"reason":"{{reason}}"}""";

    private static string Ack(string connection, int deviceSeq) => Received(connection, $$$"""{"type":"ack","payload":{"device_seq":{{{deviceSeq}}}}}""");

    private static string Online(string connection) => Received(
        connection,
        """
        {"type":"device_status_changed","payload":{"type":"device_status_changed","user_id":"<alice.userId>","device_id":"<dev2.deviceId>",
         "device_name":"Unknown Device","device_type":"web","is_online":true,"timestamp":"<timestamp:number>"}}
        """);

    private static string Event(string eventId, int deviceSeq, string payload) =>
        $$"""{"type":"event","payload":{{EventOf("laptop", eventId, deviceSeq, payload)}} }""";

    private static string EventOf(string device, string eventId, int deviceSeq, string payload) =>
        $$"""
        {"event_id":"{{eventId}}","user_id":"<alice.userId>","device_id":"<{{device}}.deviceId>","device_seq":{{deviceSeq}},"stream_id":"clipboard:main",
         "stream_seq":0,"type":"clipboard:text","encrypted_payload":"{{payload}}","created_at":"<created_at:number>"}
        """;
}
