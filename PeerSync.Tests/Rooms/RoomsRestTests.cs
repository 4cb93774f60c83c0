using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Rooms.RoomsHttp;

namespace PeerSync.Tests.Rooms;

/// <summary>Rooms over HTTP, as far as the recordings do not show it (Rooms contract, sections 8 and 11).</summary>
public sealed partial class RoomsRestTests
{
    private static readonly string[] FullServerRoutes =
    [
        "GET /health", "GET /stats", "POST /auth/token", "GET /rooms", "POST /rooms", "GET /rooms/:roomId", "GET /rooms/:roomId/stats", "GET /rooms/:roomId/peers",
        "POST /rooms/:roomId/join", "POST /rooms/:roomId/leave", "POST /rooms/:roomId/operations", "POST /maintenance/cleanup", "POST /maintenance/gc",
    ];

    [Fact]
    public async Task BothPortsServeRoutesAndSockets()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        Assert.True(host.Server.Addresses.Count >= 3);
        foreach (var (index, address) in host.Server.Addresses.Take(2).Index())
        {
            using var http = new HttpClient { BaseAddress = address };
            using var response = await http.GetAsync("/api/health", PeerSyncTestHost.Cancel);
            Assert.True(response.IsSuccessStatusCode);
            foreach (var path in (string[])["/", "/ws"])
            {
                await using var socket = await SocketClient.ConnectAsync(address, path);
                await socket.SendAsync($$"""{"type":"auth","roomId":"r{{index}}{{path}}","from":"a"}""");
                Assert.Contains("peerList", await socket.ReceiveAsync("the list"), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task InfoNamesEveryRouteThatTheServerHas()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        var info = await host.GetAsync("/api/info");
        Assert.Equal(("OctateCode P2P Backend", "2.0.0"), ((string?)info["name"], (string?)info["version"]));
        Assert.Equal(4, info["features"]!.AsArray().Count);
        var routes = info["endpoints"]!.AsArray().Select(static e => $"{e!["method"]} {e["path"]}").ToList();
        Assert.Empty(FullServerRoutes.Except(routes));
        foreach (var route in routes)
        {
            var (method, path) = (route.Split(' ')[0], "/api" + route.Split(' ')[1].Replace(":roomId", "none", StringComparison.Ordinal));
            var answer = await host.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);
            Assert.False(answer.Status == 404 && answer.Text.Contains("\"path\"", StringComparison.Ordinal), $"{route}: {answer.Text}");
        }
    }

    [Theory]
    [InlineData("auto", false, false)]
    [InlineData("auto", true, true)]
    [InlineData("array", false, true)]
    [InlineData("array", true, true)]
    [InlineData("object", false, false)]
    [InlineData("object", true, false)]
    public async Task TheListIsAnObjectOrAnArray(string setting, bool hasOrigin, bool isArray)
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms.list-form = {setting}");
        await host.PostAsync("/api/rooms", """{"room_id":"R","name":"N","host_id":"h","host":"H"}""");
        var answer = hasOrigin ? await host.GetAsync("/api/rooms", ("Origin", "vscode-file://vscode-app")) : await host.GetAsync("/api/rooms");
        answer.Expect(200);
        Assert.Equal(isArray, answer.Json is JsonArray);
        var rooms = isArray ? answer.Json.AsArray() : answer["rooms"]!.AsArray();
        var room = Assert.Single(rooms)!;
        Assert.Equal(
            ["createdAt", "hostId", "id", "lastActivity", "name", "peerCount", "peers", "roomId", "roomName", "state"], room.AsObject().Select(static m => m.Key).Order());
        Assert.Equal(("R", "R", "N", "N", "h", 1, "active"),
            ((string)room["id"]!, (string)room["roomId"]!, (string)room["name"]!, (string)room["roomName"]!, (string)room["hostId"]!, (int)room["peerCount"]!, (string)room["state"]!));
        if (!isArray)
        {
            Assert.Equal(["count", "rooms", "timestamp"], answer.Json.AsObject().Select(static m => m.Key).Order());
            Assert.Equal(1, (int)answer["count"]!);
        }
    }

    [Theory]
    [InlineData("""{"room_id":"R","room_name":"N","host_id":"h","host":"H","file_id":"f","content":"c","version":7}""")]
    [InlineData("""{"roomId":"R","name":"N","hostId":"h","hostName":"H","fileId":"f","content":"c","version":7}""")]
    [InlineData("""{"roomId":"R","roomName":"N","host_id":"h","host":"H","fileId":"f","content":"c","version":7}""")]
    public async Task ARoomIsMadeInEitherSpelling(string body)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        var made = (await host.PostAsync("/api/rooms", body)).Expect(201)["data"]!;
        foreach (var (member, value) in new[]
        {
            ("roomId", "R"), ("room_id", "R"), ("id", "R"), ("roomName", "N"), ("name", "N"), ("hostId", "h"), ("hostName", "H"), ("host", "H"), ("fileId", "f"),
            ("file_id", "f"), ("content", "c"),
        })
        {
            Assert.Equal(value, (string?)made[member]);
        }

        Assert.Equal(7, (int)made["version"]!);
        Assert.Matches(IsoTime(), (string)made["created_at"]!);
        Assert.Equal("h", (string?)Assert.Single(made["peers"]!.AsArray())!["userId"]);

        // What form D and form C read at the top, and in data; the content is for members.
        var shown = (await host.GetAsync("/api/rooms/R")).Expect(200).Json;
        foreach (var view in new[] { shown, shown["data"]! })
        {
            Assert.Equal(("R", "R", "N", "f", "H", "", 7),
                ((string)view["id"]!, (string)view["room_id"]!, (string)view["name"]!, (string)view["file_id"]!, (string)view["host"]!, (string)view["content"]!, (int)view["version"]!));
        }

        Assert.Null(shown["metadata"]!["content"]);
        var proven = (await host.GetAsync("/api/rooms/R", await host.BearerAsync("g", "R"))).Json;
        Assert.Equal(("c", "c", "c"), ((string)proven["content"]!, (string)proven["data"]!["content"]!, (string)proven["metadata"]!["content"]!));
        var other = (await host.GetAsync("/api/rooms/R", await host.BearerAsync("g", "other"))).Json;
        Assert.Equal("", (string)other["content"]!);
    }

    [Theory]
    [InlineData("user_id", "user_name")]
    [InlineData("userId", "userName")]
    public async Task MembersComeAndGoInEitherSpelling(string id, string name)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await host.PostAsync("/api/rooms", """{"room_id":"a b/ü","name":"N"}""");
        var path = "/api/rooms/" + Uri.EscapeDataString("a b/ü");
        var joined = (await host.PostAsync(path + "/join", $$"""{"{{id}}":7,"{{name}}":"Seven"}""")).Expect(200);
        Assert.Equal(("User joined room", "7", "a b/ü", 1), ((string)joined["message"]!, (string)joined["userId"]!, (string)joined["roomId"]!, (int)joined["peerCount"]!));
        Assert.True(JsonNode.DeepEquals(joined["room"]!["peers"], joined["peers"]));
        Assert.Equal("Seven", (string?)joined["peers"]![0]!["userName"]);
        (await host.PostAsync(path + "/leave", $$"""{"{{id}}":7}""")).Expect(200, """{"message":"User left room","roomId":"a b/ü","userId":"7"}""");
        Assert.Equal(0, (int)(await host.GetAsync(path + "/peers"))["peerCount"]!);
        Assert.Equal("idle", (string?)(await host.GetAsync(path))["metadata"]!["state"]);
        (await host.PostAsync(path + "/join", "{}")).Expect(400, """{"error":"Missing user_id"}""");
        (await host.PostAsync(path + "/leave", """{"user_id":{}}""")).Expect(400, """{"error":"Missing user_id"}""");
    }

    [Fact]
    public async Task ANamedRoomCanBeReachedAndARepetitionMakesNoSecond()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await PeerSyncTestHost.StartAsync(Alone, time);
        const string body = """{"roomName":"Pair  on a/b ?#ü","hostId":"h","hostName":"H"}""";
        var first = (string)(await host.PostAsync("/api/rooms/create", body)).Expect(201)["roomId"]!;
        Assert.Matches("^Pair-on-a-b---?-?-[0-9a-z]{8}-[0-9a-z]{6}$", first);
        (await host.GetAsync("/api/rooms/" + first)).Expect(200);
        Assert.Equal(first, (string?)(await host.PostAsync("/api/rooms/create", body)).Expect(201)["roomId"]);
        Assert.NotEqual(first, (string?)(await host.PostAsync("/api/rooms/create", body.Replace("\"h\"", "\"other\"", StringComparison.Ordinal))).Expect(201)["roomId"]);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotEqual(first, (string?)(await host.PostAsync("/api/rooms/create", body)).Expect(201)["roomId"]);
        (await host.PostAsync("/api/rooms/create", """{"roomName":""}""")).Expect(400, """{"error":"Missing roomName"}""");
        (await host.PostAsync("/api/rooms/create", "[]")).Expect(400, """{"error":"Missing roomName"}""");
    }

    [Fact]
    public async Task OperationsReachTheMembersOfFormDAndAreNumbered()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var ann = await RoomsClient.EnterWorkbenchAsync(host, "ABC", "ann");
        await using var ben = await RoomsClient.EnterWorkbenchAsync(host, "ABC", "ben");
        await ann.ExpectTypeAsync("user_joined");
        const string path = "/api/rooms/ABC/operations";
        (await host.PostAsync(path, """{"operation_id":"o1","user_id":"ann","data":"{\"x\":1}","version":0}"""))
            .Expect(200, """{"message":"Operation saved","operationId":"o1","roomId":"ABC"}""");
        await ben.ExpectAsync("""{"type":"operation","roomId":"ABC","operationId":"o1","userId":"ann","userName":"ann","data":"{\"x\":1}","version":1}""");
        await ben.SendAsync("""{"type":"operation","roomId":"ABC","operationId":"o2","userId":"ben","userName":"ben","data":"two","version":0}""");
        await ben.ExpectAsync("""{"type":"ack","data":{"operationId":"o2","version":2}}""");
        await ann.ExpectAsync("""{"type":"operation","roomId":"ABC","operationId":"o2","userId":"ben","userName":"ben","data":"two","version":2}""");

        // Who is no member, or has no socket, is answered and not passed on.
        await host.PostAsync("/api/rooms/ABC/join", """{"user_id":"ghost"}""");
        foreach (var author in (string[])["stranger", "ghost"])
        {
            (await host.PostAsync(path, $$"""{"operation_id":"o3","user_id":"{{author}}","data":"forged"}""")).Expect(200);
        }

        (await host.PostAsync(path, """{"operationId":"o4","userId":"ann","data":"four"}""")).Expect(200);
        await ben.ExpectAsync("""{"type":"operation","roomId":"ABC","operationId":"o4","userId":"ann","userName":"ann","data":"four","version":3}""");
        await ann.ExpectSilenceAsync();
        (await host.GetAsync(path)).Expect(200, "[]");
        var listed = (await host.GetAsync(path, await host.BearerAsync("ann", "ABC"))).Expect(200).Json.AsArray();
        Assert.Equal(["o1", "o2", "o4"], listed.Select(static o => (string)o!["operation_id"]!));
        Assert.Equal([1, 2, 3], listed.Select(static o => (int)o!["version"]!));
        (await host.PostAsync(path, """{"operation_id":"x"}""")).Expect(400, """{"error":"Missing user_id or operation_id"}""");
        (await host.PostAsync("/api/rooms/none/operations", """{"operation_id":"x","user_id":"u"}""")).Expect(200);
    }

    [Fact]
    public async Task ARoomIsEndedByItsHostOrTheOperator()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms.admin-key = \"{AdminKey}\"");
        await using var alice = await RoomsClient.EnterCollaborationAsync(host, "one", "alice");
        await using var bob = await RoomsClient.EnterCollaborationAsync(host, "one", "bob");
        await alice.ExpectTypeAsync("peer-joined");
        const string refusal = """{"error":"Not authorized for this room"}""";
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/one", null)).Expect(401, refusal);
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/one", null, await host.BearerAsync("alice", "other"))).Expect(401, refusal);
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/one", null, await host.BearerAsync("bob", "one"))).Expect(404);
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/one", null, await host.BearerAsync("alice", "one"))).Expect(200, """{"success":true}""");
        await bob.ExpectAsync("""{"type":"peer-left","roomId":"one","userId":"alice"}""");
        (await host.GetAsync("/api/rooms/one")).Expect(404, """{"error":"Room not found","roomId":"one"}""");
        await host.PostAsync("/api/rooms", """{"room_id":"two","host_id":"h"}""");
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/two", null, ("X-Admin-API-Key", "wrong"))).Expect(401, refusal);
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/two", null, ("X-Admin-API-Key", AdminKey))).Expect(200, """{"success":true}""");
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/two", null, ("Authorization", "Bearer " + AdminKey))).Expect(404);
    }

    [Fact]
    public async Task WhoIsThereIsPutOutOnlyFromTheSameAddressOrWithAProof()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await RoomsClient.EnterCollaborationAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterCollaborationAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peer-joined");
        var elsewhere = ("X-Forwarded-For", "192.0.2.7");
        (await host.PostAsync("/api/rooms/r/leave", """{"userId":"bob"}""", elsewhere)).Expect(200);
        (await host.PostAsync("/api/rooms/r/leave", """{"userId":"bob"}""", elsewhere, await host.BearerAsync("eve", "r"))).Expect(200);
        (await host.PostAsync("/api/rooms/r/leave", """{"user_id":"system"}""")).Expect(200);
        Assert.Equal(2, (int)(await host.GetAsync("/api/rooms/r/peers"))["peerCount"]!);
        (await host.PostAsync("/api/rooms/r/leave", """{"userId":"bob"}""", elsewhere, await host.BearerAsync("bob", "r"))).Expect(200);
        await alice.ExpectAsync("""{"type":"peer-left","roomId":"r","userId":"bob"}""");
        (await host.PostAsync("/api/rooms/r/leave", """{"userId":"bob"}""")).Expect(200);
        (await host.PostAsync("/api/rooms/r/leave", """{"userId":"alice"}""")).Expect(200);
        Assert.Equal("idle", (string?)(await host.GetAsync("/api/rooms/r"))["metadata"]!["state"]);
        await alice.ExpectSilenceAsync();
    }

    [Fact]
    public async Task BodiesUpToAMegabyteAreReadAndLargerOnesRefusedInJson()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        var head = """{"room_id":"big","host_id":"h","content":" """.TrimEnd();
        var content = new string('x', (1024 * 1024) - head.Length - 2);
        var made = (await host.PostAsync("/api/rooms", head + content + "\"}")).Expect(201);
        Assert.Equal(content, (string?)made["data"]!["content"]);
        const string refusal = """{"error":"Payload too large","message":"The request body could not be read"}""";
        (await host.PostAsync("/api/rooms", head + content + "x\"}")).Expect(413, refusal);
        (await host.PostAsync("/api/auth/token", head + content + "x\"}")).Expect(413, refusal);
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/rooms") { Content = new StringContent(head + content + "x\"}", null, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        using var response = await host.Http.SendAsync(chunked, PeerSyncTestHost.Cancel);
        Assert.Equal(413, (int)response.StatusCode);
        foreach (var path in (string[])["/api/rooms", "/api/rooms/create", "/api/rooms/r/join", "/api/rooms/r/leave", "/api/rooms/r/operations", "/api/auth/token", "/api/auth/validate"])
        {
            foreach (var body in (string[])["{", "nul", "7", "\"text\"", "{\"a\":\"\u0001\"}"])
            {
                (await host.PostAsync(path, body)).Expect(400, """{"error":"Invalid JSON","message":"The request body could not be read"}""");
            }
        }
    }

    [Fact]
    public async Task UnknownRoutesAndMethodsAreTheFeaturesOwn404()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/nope"), (HttpMethod.Put, "/api/rooms"), (HttpMethod.Get, "/api/rooms/x/join"), (HttpMethod.Post, "/api/v1/network") })
        {
            var answer = await host.SendAsync(method, path + "?q=1", method == HttpMethod.Get ? null : "{}");
            answer.Expect(404, $$"""{"error":"Not found","path":"{{path}}"}""");
            Assert.Null(answer.Header("Allow"));
        }

        // On a listener of all features the answer is theirs together.
        await using var shared = await PeerSyncTestHost.StartAsync();
        (await shared.GetAsync("/nope")).Expect(404, """{"message":"Cannot GET /nope","error":"Not Found","statusCode":404}""");
    }

    [Fact]
    public async Task WithoutTokenlessEntryChangesNeedAProof()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms {{ tokenless = deny, api-key = \"{ApiKey}\" }}");
        const string refusal = """{"error":"Not authorized for this room"}""";
        const string room = """{"room_id":"r","host_id":"h"}""";
        (await host.PostAsync("/api/rooms", room)).Expect(401, refusal);
        (await host.PostAsync("/api/rooms", room, await host.BearerAsync("other", "r"))).Expect(401, refusal);
        (await host.PostAsync("/api/rooms", room, await host.BearerAsync("h", "r"))).Expect(201);
        (await host.PostAsync("/api/rooms/create", """{"roomName":"x"}""")).Expect(401, refusal);
        (await host.PostAsync("/api/rooms/create", """{"roomName":"x"}""", ("X-API-Key", ApiKey))).Expect(201);
        (await host.PostAsync("/api/rooms/r/join", """{"user_id":"u"}""")).Expect(401, refusal);
        (await host.PostAsync("/api/rooms/r/join", """{"user_id":"u"}""", ("X-API-Key", "wrong"))).Expect(401, refusal);
        (await host.PostAsync("/api/rooms/r/join", """{"user_id":"u"}""", await host.BearerAsync("u", "r"))).Expect(200);
        (await host.PostAsync("/api/rooms/r/leave", """{"user_id":"u"}""")).Expect(401, refusal);
        (await host.PostAsync("/api/rooms/r/operations", """{"user_id":"u","operation_id":"o"}""")).Expect(401, refusal);
        (await host.GetAsync("/api/rooms/r")).Expect(200);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IsoTime();
}
