using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Rooms;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Rooms.RoomsHttp;

namespace PeerSync.Tests.Rooms;

/// <summary>What time, absence and want of memory do to rooms and their members (Rooms contract, section 12).</summary>
public sealed class RoomsLifeTests
{
    private const string ShortLives = Alone + "\npeersync.rooms { room-inactivity = 4000, peer-heartbeat = 1500, cleanup-interval = 300 }";

    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task AnIdleRoomEndsAfterItsTime()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShortLives, _time);
        var alice = await RoomsClient.EnterCollaborationAsync(host, "r", "alice");
        _time.Advance(TimeSpan.FromSeconds(20));
        await alice.SendAsync("null");
        await alice.ExpectErrorAsync("Invalid message format");
        Assert.Equal("active", (string?)(await host.GetAsync("/api/rooms/r"))["metadata"]!["state"]);
        await LeaveAsync(host, alice);
        _time.Advance(TimeSpan.FromSeconds(3.9));
        (await host.PostAsync("/api/maintenance/cleanup", "{}")).Expect(200, """{"message":"Cleanup triggered","before":1,"after":1,"cleaned":0}""");
        Assert.Equal("idle", (string?)(await host.GetAsync("/api/rooms/r"))["metadata"]!["state"]);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await Eventually.TrueAsync(() => host.Get<RoomsCounters>().Rooms == 0, static () => "the end of the room");
        (await host.GetAsync("/api/rooms/r")).Expect(404);
        (await host.GetAsync("/api/rooms")).Expect(200, """{"count":0,"rooms":[]}""");
    }

    [Fact]
    public async Task ACleanUpOnDemandTellsWhatItDid()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms {{ room-inactivity = 4000, cleanup-interval = 1h }}", _time);
        await host.PostAsync("/api/rooms", """{"room_id":"idle"}""");
        await using var alice = await RoomsClient.EnterCollaborationAsync(host, "used", "alice");
        _time.Advance(TimeSpan.FromSeconds(5));
        (await host.PostAsync("/api/maintenance/cleanup", "{}")).Expect(200, """{"message":"Cleanup triggered","before":2,"after":1,"cleaned":1}""");
        (await host.GetAsync("/api/rooms/idle")).Expect(404);
        (await host.GetAsync("/api/rooms/used")).Expect(200);
    }

    [Fact]
    public async Task ARoomOfFormAEndsWithItsLastMember()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await LeaveAsync(host, alice);
        (await host.GetAsync("/api/rooms/r")).Expect(404);
        Assert.Equal((0, 0), (host.Get<RoomsCounters>().Rooms, host.Get<RoomsCounters>().Members));
    }

    [Fact]
    public async Task AMemberWithoutASocketHasToGiveSignsOfLife()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms {{ peer-heartbeat = 1500, cleanup-interval = 1h }}", _time);
        await host.PostAsync("/api/rooms", """{"room_id":"r","host_id":"h"}""");
        foreach (var user in (string[])["silent", "alive"])
        {
            await host.PostAsync("/api/rooms/r/join", $$"""{"user_id":"{{user}}"}""");
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await host.PostAsync("/api/rooms/r/join", """{"user_id":"alive"}""");
        _time.Advance(TimeSpan.FromSeconds(1));
        await host.PostAsync("/api/maintenance/cleanup", "{}");
        Assert.Equal(["alive"], (await host.GetAsync("/api/rooms/r/peers"))["peers"]!.AsArray().Select(static p => (string)p!["userId"]!));
        _time.Advance(TimeSpan.FromSeconds(1));

        // The sweep that empties a room ends it.
        (await host.PostAsync("/api/maintenance/cleanup", "{}")).Expect(200, """{"message":"Cleanup triggered","before":1,"after":0,"cleaned":1}""");
        (await host.GetAsync("/api/rooms/r")).Expect(404);
    }

    [Fact]
    public async Task ASocketThatAnswersPingsStaysThoughItSaysNothing()
    {
        await using var host = await PeerSyncTestHost.StartAsync(ShortLives, _time);
        await using var socket = await RawSocket.OpenAsync(host.Address, "/");
        await socket.SendAsync("""{"type":"join-room","roomId":"r","userId":"b","data":{"roomId":"r","userId":"b"}}""");
        Assert.Contains("room-joined", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);
        for (var ping = 0; ping < 4; ping++)
        {
            for (var second = 0; second < 30; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            var asked = await socket.ExpectAsync(WebSocketOpcode.Ping);
            await socket.WriteAsync(RawSocket.Frame(WebSocketOpcode.Pong, asked.Payload));

            // Answered behind the pong, which has been read then.
            await socket.WriteAsync(RawSocket.Ping("here"));
            await socket.ExpectAsync(WebSocketOpcode.Pong);
        }

        Assert.Equal(1, (int)(await host.GetAsync("/api/rooms/r/peers"))["peerCount"]!);
    }

    [Fact]
    public async Task ASocketThatAnswersNoPingsIsToldAndItsMemberGone()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var mute = await host.ConnectAsync("/", answerPings: false);
        await mute.SendAsync("""{"type":"auth","roomId":"r","from":"mute"}""");
        await mute.ReceiveAsync("the list");
        await alice.ExpectTypeAsync("peerJoined");
        for (var second = 1; second <= 90; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (second % 5 == 0 && second <= 80)
            {
                Assert.False(mute.Closed.IsCompleted);
                await ChatAsync(alice);
            }
        }

        Assert.Equal((4008, "timeout"), await mute.WaitForCloseAsync());
        await alice.ExpectAsync("""{"type":"peerLeft","roomId":"r","peerId":"mute"}""");
        await ChatAsync(alice);
        await alice.ExpectSilenceAsync();

        static async Task ChatAsync(RoomsClient client)
        {
            await client.SendAsync("""{"type":"chat","roomId":"r","from":"a","data":{}}""");
            await client.ExpectTypeAsync("chat");
        }
    }

    [Fact]
    public async Task ASocketThatDoesNotSayWhoItIsIsClosed()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        await using var silent = await RoomsClient.ConnectAsync(host);
        await using var lost = await RoomsClient.ConnectAsync(host);
        await using var member = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await lost.SendAsync("""{"type":"auth","userId":"u","roomId":"r","data":{"token":"x"}}""");
        await lost.ExpectErrorAsync("Invalid or expired token");
        for (var second = 0; second < 15; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(silent.Socket.Closed.IsCompleted, "Form C fetches its token meanwhile.");
        for (var second = 0; second < 16; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((4008, "timeout"), await silent.Socket.WaitForCloseAsync());
        Assert.Equal((4008, "timeout"), await lost.Socket.WaitForCloseAsync());
        Assert.False(member.Socket.Closed.IsCompleted);
    }

    [Theory]
    [InlineData("A", "peerJoined", "peerLeft")]
    [InlineData("B", "peer-joined", "peer-left")]
    [InlineData("C", "user-joined", "user-left")]
    [InlineData("D", "user_joined", "user_left")]
    [InlineData("E", "peer-joined", "peer-left")]
    public async Task ACrashAndALeaveAreAnnouncedOnce(string form, string joined, string left)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        await using var alice = await EnterAsync(host, form, "alice");
        await using var crashed = await EnterAsync(host, form, "crashed");
        await alice.ExpectTypeAsync(joined);
        crashed.Socket.Abort();
        if (form == "C")
        {
            await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
            _time.Advance(TimeSpan.FromSeconds(9.9));
            await alice.ExpectSilenceAsync();
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        await alice.ExpectTypeAsync(left);
        if (form != "A")
        {
            await using var leaving = await EnterAsync(host, form, "leaving");
            await alice.ExpectTypeAsync(joined);
            await leaving.SendAsync("""{"type":"leave-room","userId":"leaving","roomId":"r","data":{}}""");
            await alice.ExpectTypeAsync(left);
            await leaving.Socket.CloseAsync();
        }

        await alice.ExpectSilenceAsync();
        Assert.Equal(1, (int)(await host.GetAsync("/api/rooms/r/peers"))["peerCount"]!);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("C")]
    [InlineData("D")]
    [InlineData("E")]
    public async Task AReplacedSocketIsSilentAndItsEndHarmless(string form)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await EnterAsync(host, form, "alice");
        await using var old = await EnterAsync(host, form, "bob");
        await alice.TypeAsync();
        await using var current = await EnterAsync(host, form, "bob");
        if (form is "A" or "B" or "E")
        {
            await alice.TypeAsync();
        }

        Assert.False(old.Socket.Closed.IsCompleted, "Closed, its client would come back and take the place again.");
        foreach (var type in (string[])["chat", "sdp-offer", "presence", "cursor", "operation", "operation-sync-request", "leave-room"])
        {
            await old.SendAsync($$$"""{"type":"{{{type}}}","roomId":"r","userId":"bob","from":"bob","operationId":"o","data":{"to":"alice","sdp":"v=0"}}""");
        }

        await alice.ExpectSilenceAsync();
        await old.ExpectSilenceAsync();
        await old.Socket.CloseAsync();
        await alice.ExpectSilenceAsync();
        Assert.Equal(2, (int)(await host.GetAsync("/api/rooms/r/peers"))["peerCount"]!);
        var (sent, received) = form switch
        {
            "A" => ("""{"type":"chat","roomId":"r","from":"bob","data":{}}""", "chat"),
            "B" => ("""{"type":"sdp-answer","roomId":"r","userId":"bob","data":{"sdp":"v=0"}}""", "sdp-answer"),
            "C" => ("""{"type":"presence","data":{}}""", "presence"),
            "D" => ("""{"type":"cursor","roomId":"r","userId":"bob"}""", "cursor"),
            _ => ("""{"type":"sdp-offer","roomId":"r","userId":"bob","data":{"sdp":"v=0"}}""", "sdp-offer"),
        };
        await current.SendAsync(sent);
        await alice.ExpectTypeAsync(received);
    }

    [Fact]
    public async Task AProvenNameIsNotTakenAndAnUnprovenOneStaysUsable()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await EnterAsync(host, "E", "alice");
        await using var thief = await RoomsClient.ConnectAsync(host, from: "192.0.2.3");
        await thief.SendAsync("""{"type":"auth","roomId":"r","from":"alice"}""");
        await thief.ExpectErrorAsync("User ID is in use");
        await using var holder = await RoomsClient.ConnectAsync(host, from: "192.0.2.3");
        await holder.SendAsync($$$"""{"type":"auth","roomId":"r","userId":"alice","data":{"token":"{{{await RoomsClient.TokenAsync(host, "alice", "r")}}}"}}""");
        await holder.ExpectTypeAsync("auth");
        await holder.SendAsync("""{"type":"join-room","roomId":"r","userId":"alice"}""");
        await holder.ExpectErrorAsync("User ID is in use");
        await alice.SendAsync("""{"type":"heartbeat"}""");
        await alice.ExpectTypeAsync("heartbeat");

        // Every window of form A is "unknown" for its first moment.
        await using var first = await RoomsClient.EnterLeanAsync(host, "default-room", "unknown");
        for (var i = 0; i < 5; i++)
        {
            await using var next = await RoomsClient.ConnectAsync(host, from: $"192.0.2.{10 + i}");
            await next.SendAsync("""{"type":"auth","roomId":"default-room","from":"unknown"}""");
            await next.ExpectAsync("""{"type":"peerList","roomId":"default-room","peers":[]}""");
            await next.SendAsync("""{"type":"chat","roomId":"default-room","from":"unknown","data":{}}""");
            await next.ExpectTypeAsync("chat");
        }
    }

    [Fact]
    public async Task TheLongestJoinedMemberInheritsTheRoom()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await EnterAsync(host, "E", "alice");
        await using var bob = await EnterAsync(host, "E", "bob");
        await using var carol = await EnterAsync(host, "E", "carol");
        await carol.SendAsync("""{"type":"leave-room"}""");
        await bob.ExpectTypeAsync("peer-joined");
        await bob.ExpectTypeAsync("peer-left");
        await using var dan = await EnterAsync(host, "E", "dan");
        await bob.ExpectTypeAsync("peer-joined");
        await alice.Socket.CloseAsync();
        await bob.ExpectTypeAsync("peer-left");
        await dan.ExpectTypeAsync("peer-left");
        var room = (await host.GetAsync("/api/rooms/r"))["metadata"]!;
        Assert.Equal(("bob", "bob"), ((string)room["hostId"]!, (string)room["hostName"]!));
        Assert.Equal(
            [("bob", true), ("dan", false)], room["peers"]!.AsArray().Select(static p => ((string)p!["userId"]!, (bool)p["isHost"]!)));
        (await host.SendAsync(HttpMethod.Delete, "/api/rooms/r", null, await host.BearerAsync("bob", "r"))).Expect(200);
    }

    [Fact]
    public async Task FormCComesBackWithinItsGraceAndNobodyIsToldOfIt()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        await using var alice = await EnterAsync(host, "C", "alice");
        await using var bob = await EnterAsync(host, "C", "bob");
        await alice.ExpectTypeAsync("user-joined");
        bob.Socket.Abort();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, (int)(await host.GetAsync("/api/rooms/r/peers"))["peerCount"]!);
        await using var back = await AuthenticateSyncServiceAsync(host, "bob");
        await back.SendAsync("""{"type":"presence","data":{"cursorPosition":1}}""");
        await alice.ExpectAsync("""{"type":"presence","data":{"userId":"bob","cursorPosition":1}}""");
        _time.Advance(TimeSpan.FromSeconds(10));
        await alice.ExpectSilenceAsync();

        // Too late: a membership that is over is not restored.
        back.Socket.Abort();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        await alice.ExpectAsync("""{"type":"user-left","data":{"userId":"bob"}}""");
        await using var late = await AuthenticateSyncServiceAsync(host, "bob");
        await late.SendAsync("""{"type":"presence","data":{}}""");
        await alice.ExpectSilenceAsync();
        await late.SendAsync("""{"type":"join-room","data":{"roomId":"r","userName":"bob"}}""");
        await late.ExpectTypeAsync("sync");
        await alice.ExpectTypeAsync("user-joined");
    }

    [Fact]
    public async Task ShortOfMemoryNobodyNewIsLetInAndThoseWhoAreThereStay()
    {
        const long megabyte = 1024 * 1024;
        var used = 0L;
        await using var host = await PeerSyncTestHost.StartAsync(Alone, _time);
        host.ExpectsErrors = true;
        var counters = host.Get<RoomsCounters>();
        using var guard = new RoomsMemoryGuard(
            new RoomsMemoryLimits(100, 200), () => used, counters, host.Get<RoomsRegions>(), _time, host.Get<ILogger<RoomsMemoryGuard>>());
        await guard.StartAsync(PeerSyncTestHost.Cancel);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        used = 200 * megabyte;
        _time.Advance(RoomsMemoryGuard.Interval - TimeSpan.FromSeconds(1));
        Assert.False(counters.IsOverloaded);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(counters.IsOverloaded);
        foreach (var room in (string[])["r", "new"])
        {
            await using var bob = await RoomsClient.ConnectAsync(host);
            await bob.SendAsync($$"""{"type":"auth","roomId":"{{room}}","from":"b"}""");
            Assert.Equal("OVERLOADED", (string?)(await bob.ExpectTypeAsync("error"))["data"]!["code"]);
        }

        (await host.PostAsync("/api/rooms", """{"room_id":"x"}""")).Expect(503, """{"error":"Server is overloaded, try again later","code":"OVERLOADED"}""");
        (await host.PostAsync("/api/rooms/r/join", """{"user_id":"x"}""")).Expect(503);
        await alice.SendAsync("""{"type":"chat","roomId":"r","from":"a","data":{}}""");
        await alice.ExpectTypeAsync("chat");
        await using var again = await RoomsClient.EnterLeanAsync(host, "r", "a");
        used = 100 * megabyte;
        guard.Check();
        Assert.True(counters.IsOverloaded, "Between the thresholds the door stays as it is.");
        used = (100 * megabyte) - 1;
        guard.Check();
        Assert.False(counters.IsOverloaded);
        await using var carol = await RoomsClient.EnterLeanAsync(host, "r", "c");
        await again.ExpectTypeAsync("peerJoined");
    }

    [Fact]
    public async Task TheServerSaysGoodbye()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var stranger = await RoomsClient.ConnectAsync(host);
        var stopped = host.Server.StopAsync(PeerSyncTestHost.Cancel);
        Assert.Equal(1001, (await alice.Socket.WaitForCloseAsync()).Code);
        Assert.Equal(1001, (await stranger.Socket.WaitForCloseAsync()).Code);
        await stopped.WaitAsync(TimeSpan.FromSeconds(5), PeerSyncTestHost.Cancel);
    }

    [Fact]
    public async Task RoomsAndMembersAreBounded()
    {
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms {{ max-rooms = 1, max-members = 2 }}");
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var carol = await RoomsClient.EnterLeanAsync(host, "r", "c");
        await using var bob = await RoomsClient.ConnectAsync(host);
        await bob.SendAsync("""{"type":"auth","roomId":"r","from":"b"}""");
        await bob.ExpectErrorAsync("Room not found or join failed");
        await bob.SendAsync("""{"type":"auth","roomId":"s","from":"b"}""");
        await bob.ExpectErrorAsync("Failed to create room");
        (await host.PostAsync("/api/rooms/create", """{"roomName":"x"}""")).Expect(503);
        await alice.Socket.CloseAsync();
        await carol.Socket.CloseAsync();
        await Eventually.TrueAsync(() => host.Get<RoomsCounters>().Rooms == 0, static () => "the end of the room");
        await bob.SendAsync("""{"type":"auth","roomId":"s","from":"b"}""");
        await bob.ExpectTypeAsync("peerList");
    }

    private static async Task<RoomsClient> EnterAsync(PeerSyncTestHost host, string form, string userId)
    {
        switch (form)
        {
            case "A":
                return await RoomsClient.EnterLeanAsync(host, "r", userId);
            case "B":
                return await RoomsClient.EnterCollaborationAsync(host, "r", userId);
            case "C":
                return await RoomsClient.EnterSyncServiceAsync(host, "r", userId);
            case "D":
                return await RoomsClient.EnterWorkbenchAsync(host, "r", userId);
            default:
                await host.PostAsync("/api/rooms", """{"room_id":"r","host_id":"alice","host":"alice"}""");
                var client = await RoomsClient.AuthenticateReadmeAsync(host, "r", userId);
                await client.SendAsync($$$"""{"type":"join-room","roomId":"r","userId":"{{{userId}}}","data":{"userName":"{{{userId}}}"}}""");
                await client.ExpectTypeAsync("room-joined");
                return client;
        }
    }

    private static async Task<RoomsClient> AuthenticateSyncServiceAsync(PeerSyncTestHost host, string userId)
    {
        var client = await RoomsClient.ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"auth","data":{"token":"{{{await RoomsClient.TokenAsync(host, userId, "r")}}}","userId":"{{{userId}}}","roomId":"r"}}""");
        await client.ExpectTypeAsync("auth");
        return client;
    }

    // Returns when the room knows that the member has left.
    private static async Task LeaveAsync(PeerSyncTestHost host, RoomsClient client)
    {
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure);
        await client.DisposeAsync();
        await Eventually.TrueAsync(() => host.Get<RoomsCounters>().Members == 0, static () => "the end of the membership");
    }
}
