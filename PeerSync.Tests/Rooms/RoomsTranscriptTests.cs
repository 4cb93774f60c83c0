using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Rooms;
using PeerSync.Protocol.Rooms;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Rooms.RoomsTranscript;

namespace PeerSync.Tests.Rooms;

/// <summary>The exchanges recorded from the product's servers, with the deviations that the contract asks for.</summary>
public sealed class RoomsTranscriptTests
{
    private const string Alias = "8.1: an alias of /api/health";

    private const string LiveHealth = """
        {"status":"ok","env":"development","memory":{"heapUsed":"<n>","heapTotal":"<n>","heapPercent":"<n>","external":"<n>"},"rooms":"<n>","totalPeers":"<n>"}
        """;

    private const string Sender = "5: the sender is excluded, and a target is the only one who gets it";
    private const string Subject = "5: the subject of an announcement is excluded";
    private const string Membership = "5: membership starts at create or join";
    private const string Bound = "15, flaw 3: the socket's identity counts";
    private const string Named = "4, required new: who signals is named";
    private const string Decimal = "2: a number is taken as its decimal text";
    private const string Superset = "11: the union of both servers";
    private const string Root = """{"name":"OctateCode P2P Backend","status":"running","version":"2.0.0","rooms":"<n>","docs":"/api/info"}""";
    private const string Health = """{"status":"ok","timestamp":"<ts>","rooms":"<n>","totalPeers":"<n>","memory":{"heapUsed":"<n>","heapTotal":"<n>","heapPercent":"<n>","external":"<n>"} }""";

    private const string Stats =
        """
        {"server":{"uptime":"<n>","activeRooms":0,"totalConnections":0,"connectedClients":0},
         "memory":{"heapUsed":"<n>","heapTotal":"<n>","heapPercent":"<n>","external":"<n>"},"thresholds":{"warning":200,"critical":300,"cooldown":60000},
         "cpu":{"user":"<n>","system":"<n>","total":"<n>"},
         "operations":{"total":0,"perSecond":0,"note":"Operations now handled peer-to-peer via WebRTC data channels"},"timestamp":"<ts>"}
        """;

    private const string BadJson = """{"error":"Invalid JSON","message":"<s>","timestamp":"<ts>"}""";

    [Fact]
    public void EveryRecordingIsReplayed()
    {
        string[] replayed =
        [
            "full-auth-errors", "full-cleanup", "full-heartbeat", "full-http-info", "full-room-lifecycle-ws", "full-rooms-http", "full-signaling", "full-token",
            "lean-errors", "lean-http", "lean-join-leave", "lean-multiroom-ghost", "lean-signal", "legacy-syncservice", "legacy-websocketService",
            "target-B-void-collaboration", "target-C-syncservice",
        ];
        Assert.Equal(replayed, RoomsTranscript.Names);
    }

    [Fact]
    public async Task FullAuthErrors()
    {
        var clock = new ManualTimeProvider();
        await using var host = await StartAsync(configure: services => services.AddSingleton(
            provider => new RoomsTokens(provider.GetRequiredService<RoomsKey>().Key, TimeSpan.FromHours(1), clock)));
        await using var transcript = new RoomsTranscript(host, "full-auth-errors")
            .Replace(16, "15, flaw 22: the text names no other room", Refused("a", RoomsError.NotAuthorizedForRoom))
            .At(53, () =>
            {
                clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));
                return Task.CompletedTask;
            })
            .Replace(59, "10: a signed token is not forgotten", Refused("b", RoomsError.TokenExpired));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullCleanup()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync("peersync.rooms { room-inactivity = 4000, peer-heartbeat = 1500, cleanup-interval = 300 }", time);
        var counters = host.Get<RoomsCounters>();
        await using var transcript = new RoomsTranscript(host, "full-cleanup")
            .At(15, () =>
            {
                time.Advance(TimeSpan.FromSeconds(2.4));
                return Eventually.TrueAsync(() => counters.Members == 1, () => $"one member; there are {counters.Members}");
            })
            .At(16, () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return Task.CompletedTask;
            })
            .Answer(
                17,
                "6 and 12, required: a live socket counts as a heartbeat",
                200,
                Shown(
                    """
                    {"roomId":"c1","roomName":"c1","hostId":"alice","hostName":"Alice","peerCount":1,"state":"active","createdAt":"<ts>","lastActivity":"<ts>",
                     "peers":[{"userId":"alice","userName":"Alice","isHost":true,"connectedAt":"<ts>","lastHeartbeat":"<ts>"}]}
                    """));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullHeartbeat()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "full-heartbeat").Skip("a control frame, which the tests of the sockets await", 14);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullHttpInfo()
    {
        await using var host = await StartAsync("peersync.rooms { memory-warning = 200, memory-critical = 300 }");
        await using var transcript = new RoomsTranscript(host, "full-http-info")
            .Answer(1, Superset, 200, Root)
            .Answer(3, "the recording's server had rooms of other recordings", 200, Stats)
            .Skip("11: names more routes, see RoomsRestTests", 4)
            .Answer(6, Alias, 200, LiveHealth)
            .Answer(7, "11, promised: for the host and the operator", 401, """{"error":"Not authorized for this room","timestamp":"<ts>"}""")
            .Answer(8, "10, promised", 200, """{"valid":false,"error":"Invalid or expired token"}""")
            .Answer(9, "11: a list, empty for strangers", 200, "[]")
            .Answer(11, "15, flaw 10", 400, BadJson)
            .Answer(12, "15, flaw 10", 413, """{"error":"Payload too large","message":"<s>","timestamp":"<ts>"}""")
            .Header(17, "1, required: the editor's renderer is allowed", "access-control-allow-origin", "vscode-file://vscode-app")
            .Header(18, "1: the methods of both servers", "access-control-allow-methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
            .Header(18, "1: mirrors the requested headers", "access-control-allow-headers", "content-type")
            .Header(18, "1: mirrors the requested headers", "vary", "Origin, Access-Control-Request-Headers");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullRoomLifecycle()
    {
        const string left = "5: who has left gets nothing more";
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "full-room-lifecycle-ws")
            .Skip(Subject, 20, 25)
            .Receive(
                26,
                "5: the name is not updated, in no frame",
                """{"type":"peer-joined","roomId":"doc-9","userId":"bob","data":{"peer":{"userId":"bob","userName":"Bob"}},"timestamp":"<ts>"}""")
            .Answer(
                30,
                "the recording's server had rooms of other recordings",
                200,
                """
                {"count":1,"rooms":[{"id":"doc-9","name":"Doc nine","roomId":"doc-9","roomName":"Doc nine","hostId":"alice","peerCount":2,"state":"active",
                 "createdAt":"<ts>","lastActivity":"<ts>","peers":"<peers>"}],"timestamp":"<ts>"}
                """)
            .Skip(left, 33, 36)
            .Skip(Sender, 37)
            .Skip("5: once, when bob left", 40);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullRoomsHttp()
    {
        const string spellings = "15, flaw 23: either spelling";
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "full-rooms-http")
            .Answer(5, "11: 400 for wrong types", 400, """{"error":"Missing roomName","timestamp":"<ts>"}""")
            .Answer(13, spellings, 200, Recorded("full-rooms-http", 16))
            .Answer(14, spellings, 200, Recorded("full-rooms-http", 21))
            .Answer(
                26,
                "8.1, required: what form D sends and reads; without a host nobody is a member",
                201,
                """
                {"message":"Room created","data":{"roomId":"A1B2C3D","roomName":"My room","hostId":"unknown","hostName":"Ann","fileId":"/ws","version":0,"peerCount":0,
                 "state":"idle","createdAt":"<ts>","lastActivity":"<ts>","peers":[],"id":"A1B2C3D","room_id":"A1B2C3D","name":"My room","file_id":"/ws","host":"Ann",
                 "created_at":"<iso>","updated_at":"<iso>","content":""},"timestamp":"<ts>"}
                """)
            .Answer(28, "15, flaw 21", 409, """{"error":"Room already exists","roomId":"A1B2C3D","timestamp":"<ts>"}""")
            .Answer(
                30,
                "8.1, required: what form D sends and reads; without a host nobody is a member",
                200,
                Shown(
                    """
                    {"roomId":"A1B2C3D","roomName":"My room","hostId":"unknown","hostName":"Ann","fileId":"/ws","version":0,"peerCount":0,"state":"idle",
                     "createdAt":"<ts>","lastActivity":"<ts>","peers":[]}
                    """))
            .Answer(34, "11: a list, empty for strangers", 200, "[]")
            .Answer(36, "11: 200 is valid as well", 200, Recorded("full-rooms-http", 37));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullSignaling()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "full-signaling")
            .Skip(Membership, 17, 18, 19, 25)
            .Skip(Subject, 26, 31)
            .Skip(Sender, 35, 36, 39, 40, 44)
            .Receive(
                38,
                "5: what the guide reads stands beside",
                """
                {"type":"sdp-answer","roomId":"sg","userId":"bob",
                 "data":{"answer":{"type":"answer","sdp":"v=0 answer","answer":{"type":"answer","sdp":"v=0 answer"} } },"timestamp":"<ts>"}
                """)
            .Replace(51, Bound, Refused("eve", RoomsError.NotAuthorizedForRoom))
            .Skip(Bound, 52, 53)
            .Replace(55, Bound, Refused("eve", RoomsError.NotAuthorizedForRoom))
            .Skip(Bound, 56, 57)
            .Replace(59, Bound, Refused("eve", RoomsError.NotAuthorizedForRoom))
            .Skip(Bound, 60, 61, 62)
            .Answer(
                63,
                Bound,
                200,
                Union(
                    "/api/rooms/sg/peers",
                    """
                    {"roomId":"sg","peerCount":3,"peers":[
                     {"userId":"alice","userName":"Alice","isHost":true,"connectedAt":"<ts>","lastHeartbeat":"<ts>"},
                     {"userId":"bob","userName":"bob","isHost":false,"connectedAt":"<ts>","lastHeartbeat":"<ts>"},
                     {"userId":"carol","userName":"carol","isHost":false,"connectedAt":"<ts>","lastHeartbeat":"<ts>"}],"timestamp":"<ts>"}
                    """));
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task FullToken()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "full-token")
            .Answer(11, "2 and 15, flaw 18: names are texts", 400, """{"error":"Missing required fields","required":["userId","roomId"],"timestamp":"<ts>"}""");
        await transcript.ReplayAsync();
        Assert.NotEqual(transcript["<token:alice@doc-123>"], transcript["<token2:alice@doc-123>"]);
    }

    [Fact]
    public async Task LeanErrors()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "lean-errors")
            .Receive(23, Decimal, """{"type":"peerList","roomId":"r3","peers":[]}""")
            .Replace(29, "the recording shows the bytes only", """{"conn":"a","dir":"send","binary":true,"json":{"type":"chat","roomId":"r3","from":42,"data":{"text":"bin"} } }""")
            .Receive(30, Decimal, """{"type":"chat","roomId":"r3","from":"42","data":{"text":"bin"} }""")
            .Replace(34, "3: form E", Refused("b", RoomsError.InvalidToken))
            .Replace(36, "3: form E", Refused("b", RoomsError.NotAuthenticated))
            .Replace(38, "3: form E", Refused("b", RoomsError.MissingUserOrRoom))
            .Skip("5: form E answers no ping", 40);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LeanHttp()
    {
        await using var host = await StartAsync("peersync.rooms { list-form = array, memory-warning = 200, memory-critical = 300 }");
        await using var transcript = new RoomsTranscript(host, "lean-http")
            .Answer(2, Superset, 200, Root)
            .Header(3, "1: the full server's way, one origin at a time", "access-control-allow-origin", "vscode-file://vscode-app")
            .Header(6, "1: the full server's way, one origin at a time", "access-control-allow-origin", "https://x.example")
            .Header(6, "1: the full server's way, one origin at a time", "vary", "Origin, Access-Control-Request-Headers")
            .Answer(
                8,
                Superset,
                200,
                """
                {"status":"success","token":"<token>","userId":"alice","roomId":"doc-123","expiresIn":"1 hour","expiresAt":"<n>",
                 "message":"Use this token when connecting to WebSocket signaling server","timestamp":"<ts>"}
                """)
            .Answer(9, Superset, 200, Stats)
            .Skip("11: as the full server, see RoomsRestTests", 10)
            .Answer(11, Alias, 200, LiveHealth)
            .Answer(
                12,
                Superset,
                201,
                Union(
                    "/api/rooms/create",
                    """
                    {"roomId":"<roomId>","roomName":"r","hostId":"h","hostName":"n","peerCount":1,"state":"active","createdAt":"<ts>","lastActivity":"<ts>",
                     "peers":[{"userId":"h","userName":"n","isHost":true,"connectedAt":"<ts>","lastHeartbeat":"<ts>"}],"timestamp":"<ts>"}
                    """))
            .Answer(13, "15, flaw 10", 400, BadJson)
            .Answer(16, "1, required: both ports answer both", 200, Health);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LeanJoinAndLeave()
    {
        await using var host = await StartAsync("peersync.rooms.list-form = array");
        await using var transcript = new RoomsTranscript(host, "lean-join-leave").Answer(13, Superset, 200, Root);
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LeanGhosts()
    {
        const string rule = "15, flaw 7: one identity per socket; a second auth leaves the first";
        await using var host = await StartAsync("peersync.rooms.list-form = array");
        await using var transcript = new RoomsTranscript(host, "lean-multiroom-ghost")
            .Receive(8, rule, """{"type":"peerList","roomId":"g1","peers":[]}""")
            .Skip(rule, 9)
            .Answer(11, rule, 200, "[]");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LeanSignals()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "lean-signal")
            .Receive(10, Named, """{"type":"offer","roomId":"r1","from":"A","to":"B","data":{"type":"offer","sdp":"v=0\r\n"} }""")
            .Receive(13, Named, """{"type":"answer","roomId":"r1","from":"B","to":"A","data":{"type":"answer","sdp":"v=0\r\n"} }""")
            .Receive(
                15,
                Named,
                """
                {"type":"ice","roomId":"r1","from":"A","to":"B",
                 "data":{"candidate":{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"} } }
                """)
            .Skip("15, flaw 4: who has not joined is not heard", 25)
            .Receive(28, Named, """{"type":"ice","roomId":"r1","from":"A","to":"A","data":{"candidate":null} }""");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task LegacySyncService()
    {
        const string token = "7 and 10: form C needs a token of this server";
        const string sync = """{"type":"sync","data":{"content":"","version":0,"sessionId":"room-1"} }""";
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "legacy-syncservice")
            .Before(2, token, Send("""{"type":"auth","data":{"token":"tok","userId":"u1","roomId":"room-1"} }"""), Refused("h", RoomsError.InvalidToken))
            .With("<token>", await RoomsClient.TokenAsync(host, "u1", "room-1"))
            .Replace(2, token, Send("""{"type":"auth","data":{"token":"<token>","userId":"u1","roomId":"room-1"} }"""))
            .Receive(
                3,
                "7: the answer of form E",
                """{"type":"auth","roomId":"room-1","userId":"u1","data":{"status":"authenticated","message":"User properly connected to authorized room"},"timestamp":"<ts>"}""")
            .Receive(6, "7, required: the identity is that of the auth", sync)
            .Receive(9, "7, required: the identity is that of the auth", sync)
            .Replace(11, "3 and 9: the full server's text", Refused("h", RoomsError.MissingUserOrRoom))
            .Replace(13, "9: what is not JSON is answered in every form", Refused("h", RoomsError.InvalidFormat));
        await transcript.ReplayAsync();

        static string Send(string frame) => $$"""{"conn":"h","dir":"send","json":{{frame}}}""";
    }

    [Fact]
    public async Task LegacyWorkbench()
    {
        const string ignored = "8.2: form D ignores it";
        const string operations = "8.2, required: numbered from 1 in the room, and acknowledged";
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "legacy-websocketService")
            .Skip(ignored, 6, 8, 11, 13, 18, 20)
            .Receive(21, "8.2, required: underscores", """{"type":"user_joined","data":{"userId":"ben1","userName":"Ben"} }""")
            .Receive(24, operations, """{"type":"ack","data":{"operationId":"","version":1} }""")
            .Receive(
                25,
                operations,
                """
                {"type":"operation","roomId":"A1B2C3D","userId":"ben1","version":1,
                 "data":{"type":"insert","position":0,"content":"hi","userId":"ben1","timestamp":"<ts>","version":0} }
                """)
            .Replace(29, operations, Received("ann", """{"type":"ack","data":{"operationId":"op1","version":2} }"""))
            .Replace(
                30,
                operations,
                Received(
                    "ben",
                    """
                    {"type":"operation","roomId":"A1B2C3D","operationId":"op1","userId":"ann1","userName":"Ann",
                     "data":"{\"type\":\"insert\",\"position\":0,\"content\":\"x\"}","version":2,"timestamp":"<ts>"}
                    """))
            .Skip("8.2: form D sends no presence", 33, 34)
            .Replace(38, "8.2: a ping is answered", Received("ann", """{"type":"pong","timestamp":"<ts>"}"""))
            .Replace(
                39,
                "8.2: cursors go to the others",
                Received("ben", """{"type":"cursor","roomId":"A1B2C3D","userId":"ann1","userName":"Ann","line":1,"column":2,"timestamp":"<ts>"}"""))
            .Receive(41, "8.2, required: underscores", """{"type":"user_left","data":{"userId":"ben1"} }""");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task TargetCollaboration()
    {
        await using var host = await StartAsync();
        await using var transcript = new RoomsTranscript(host, "target-B-void-collaboration");
        await transcript.ReplayAsync();
    }

    [Fact]
    public async Task TargetSyncService()
    {
        const string answer = "7: the answer of form E, with its message";
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await StartAsync(time: time);
        await using var transcript = new RoomsTranscript(host, "target-C-syncservice")
            .Receive(6, answer, Authenticated("user-1"))
            .Receive(11, answer, Authenticated("user-2"))
            .At(24, async () =>
            {
                await time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
                time.Advance(TimeSpan.FromSeconds(10));
            });
        await transcript.ReplayAsync();

        static string Authenticated(string userId) =>
            $$"""
            {"type":"auth","roomId":"room-1-abc","userId":"{{userId}}",
             "data":{"status":"authenticated","message":"User properly connected to authorized room"},"timestamp":"<ts>"}
            """;
    }

    // As the recorded servers were: of one product, without limits of a rate.
    private static Task<PeerSyncTestHost> StartAsync(string settings = "", TimeProvider? time = null, Action<IServiceCollection>? configure = null) => PeerSyncTestHost.StartAsync(
        """peersync { listeners = [{ url = "http://127.0.0.1:0", features = [rooms] }], rate-limits.enabled = off }""" + Environment.NewLine + settings, time, configure: configure);

    private static string Recorded(string name, int line)
    {
        var step = RoomsTranscript.Load(name)[line - 1];
        return RecordedRoom.Answer("POST", (string)step["request"]!["path"]!, 200, step["response"]!["body"])!.ToJsonString().Replace("\\u003C", "<", StringComparison.Ordinal);
    }

    private static string Union(string path, string body) => RecordedRoom.Answer("POST", path, 200, JsonNode.Parse(body))!.ToJsonString();

    private static string Shown(string metadata)
    {
        var room = JsonNode.Parse(metadata)!;
        var stats = JsonNode.Parse("""{"operationCount":0,"bandwidth":{"sent":0,"received":0,"note":"Bandwidth tracked peer-to-peer via WebRTC"} }""")!;
        foreach (var name in (string[])["roomId", "peerCount", "createdAt", "lastActivity"])
        {
            stats[name] = room[name]!.DeepClone();
        }

        return Union("/api/rooms/x", new JsonObject { ["metadata"] = room, ["stats"] = stats, ["timestamp"] = "<ts>" }.ToJsonString());
    }
}
