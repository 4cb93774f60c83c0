using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>Members of rooms over real sockets, each form with itself and with the others (docs/spec/rooms.md).</summary>
public sealed class RoomsConversationTests
{
    [Fact]
    public async Task LeanMembersMeetSignalAndLeave()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a", "Alice");
        await using var bob = await RoomsClient.ConnectAsync(host, "/ws");
        await bob.SendAsync("""{"type":"auth","roomId":"r","from":"b-123456789"}""");
        await bob.ExpectAsync("""{"type":"peerList","roomId":"r","peers":[{"id":"a","name":"Alice"}]}""");
        await alice.ExpectAsync("""{"type":"peerJoined","roomId":"r","peerId":"b-123456789","peerName":"peer-b-123456"}""");
        await alice.SendAsync("""{"type":"offer","roomId":"r","from":"forged","to":"b-123456789","data":{"type":"offer","sdp":"v=0\r\n"}}""");
        await bob.ExpectAsync("""{"type":"offer","roomId":"r","from":"a","to":"b-123456789","data":{"type":"offer","sdp":"v=0\r\n"}}""");
        await bob.SendAsync("""{"type":"ice","roomId":"r","from":"b-123456789","to":"a","data":{"candidate":null}}""");
        await alice.ExpectAsync("""{"type":"ice","roomId":"r","from":"b-123456789","to":"a","data":{"candidate":null}}""");
        await bob.SendAsync("""{"type":"chat","roomId":"r","from":"b-123456789","data":{"text":"hi"},"more":[1]}""");
        await bob.ExpectAsync("""{"type":"chat","roomId":"r","from":"b-123456789","data":{"text":"hi"},"more":[1]}""");
        await alice.ExpectAsync("""{"type":"chat","roomId":"r","from":"b-123456789","data":{"text":"hi"},"more":[1]}""");
        await bob.DisposeAsync();
        await alice.ExpectAsync("""{"type":"peerLeft","roomId":"r","peerId":"b-123456789"}""");
    }

    [Fact]
    public async Task WhoHasNotEnteredIsNotHeardAndAReplacedSocketIsDeaf()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var eve = await RoomsClient.ConnectAsync(host);
        await eve.SendAsync("""{"type":"offer","roomId":"r","from":"a","to":"a","data":{}}""");
        await using var first = await RoomsClient.EnterLeanAsync(host, "r", "b");
        await alice.ExpectTypeAsync("peerJoined");
        await using var second = await RoomsClient.EnterLeanAsync(host, "r", "b");
        await alice.ExpectTypeAsync("peerJoined");
        await first.SendAsync("""{"type":"chat","roomId":"r","from":"b","data":{"text":"from the old one"}}""");
        await first.DisposeAsync();
        await second.SendAsync("""{"type":"chat","roomId":"r","from":"b","data":{"text":"from the new one"}}""");
        Assert.Equal("from the new one", (string?)(await alice.ExpectTypeAsync("chat"))["data"]!["text"]);
        await alice.ExpectSilenceAsync();
    }

    [Fact]
    public async Task ReadmeMembersNeedTokensAndTargetTheirSignals()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.AuthenticateReadmeAsync(host, "sg", "alice");
        await using var bob = await RoomsClient.AuthenticateReadmeAsync(host, "sg", "bob");
        await using var carol = await RoomsClient.AuthenticateReadmeAsync(host, "sg", "carol");
        await bob.SendAsync("""{"type":"join-room","userId":"bob","roomId":"sg","data":{"userName":"Bob"}}""");
        await bob.ExpectErrorAsync("Room not found or join failed");
        await alice.SendAsync("""{"type":"create-room","userId":"alice","roomId":"sg","data":{"roomName":"Room","userName":"Alice"}}""");
        var room = (await alice.ExpectTypeAsync("room-created"))["data"]!["room"]!;
        Assert.Equal(("Room", "alice", "Alice", 1), ((string?)room["roomName"], (string?)room["hostId"], (string?)room["hostName"], (int)room["peerCount"]!));
        await bob.SendAsync("""{"type":"join-room","userId":"bob","roomId":"sg","data":{"userName":"Bob"}}""");
        Assert.Equal(2, (await bob.ExpectTypeAsync("room-joined"))["data"]!["room"]!["peers"]!.AsArray().Count);
        await alice.ExpectAsync("""{"type":"peer-joined","roomId":"sg","userId":"bob","data":{"peer":{"userId":"bob","userName":"Bob"}}}""");
        await carol.SendAsync("""{"type":"join-room","userId":"carol","roomId":"sg"}""");
        await carol.ExpectTypeAsync("room-joined");
        await alice.ExpectTypeAsync("peer-joined");
        await bob.ExpectTypeAsync("peer-joined");
        await alice.SendAsync("""{"type":"sdp-offer","userId":"alice","roomId":"sg","targetUserId":"bob","data":{"offer":{"type":"offer","sdp":"v=0"}}}""");
        await bob.ExpectAsync("""{"type":"sdp-offer","roomId":"sg","userId":"alice","data":{"offer":{"type":"offer","sdp":"v=0","offer":{"type":"offer","sdp":"v=0"}}}}""");
        await bob.SendAsync("""{"type":"ice-candidate","userId":"bob","roomId":"sg","data":{"candidate":"candidate:1"}}""");
        await alice.ExpectAsync("""{"type":"ice-candidate","roomId":"sg","userId":"bob","data":{"candidate":{"candidate":"candidate:1"}}}""");
        await carol.ExpectTypeAsync("ice-candidate");
        await alice.SendAsync("""{"type":"sdp-offer","userId":"bob","roomId":"sg","data":{"sdp":"forged"}}""");
        await alice.ExpectErrorAsync("Not authorized for this room");
        await alice.SendAsync("""{"type":"heartbeat","userId":"alice","roomId":"sg"}""");
        await alice.ExpectAsync("""{"type":"heartbeat","roomId":"sg","userId":"alice"}""");
        await bob.SendAsync("""{"type":"leave-room","userId":"bob","roomId":"sg"}""");
        await alice.ExpectAsync("""{"type":"peer-left","roomId":"sg","userId":"bob"}""");
        await carol.ExpectTypeAsync("peer-left");
        await alice.SendAsync("""{"type":"presence","userId":"alice","roomId":"sg","data":{"state":"typing"}}""");
        await carol.ExpectAsync("""{"type":"presence","roomId":"sg","userId":"alice","data":{"state":"typing"}}""");
        await bob.ExpectSilenceAsync();
    }

    [Theory]
    [InlineData("""{"type":"auth"}""", "Missing userId or roomId")]
    [InlineData("""{"type":"auth","userId":"u","roomId":"r"}""", "Missing auth token. Request token from /api/auth/token endpoint first.")]
    [InlineData("""{"type":"auth","userId":"u","roomId":"r","data":{"token":"x"}}""", "Invalid or expired token")]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r"}""", "Not authenticated")]
    [InlineData("null", "Invalid message format")]
    [InlineData("{", "Invalid message format")]
    [InlineData("[]", "Missing roomId or from")]
    [InlineData("{}", "Missing roomId or from")]
    public async Task StrangersAreToldWhatIsMissing(string frame, string error)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var client = await RoomsClient.ConnectAsync(host);
        await client.SendAsync(frame);
        await client.ExpectErrorAsync(error);
    }

    [Fact]
    public async Task CollaborationSignalsFindTheirPeerAmongThree()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var ann = await RoomsClient.EnterCollaborationAsync(host, "pair", "ann");
        await using var ben = await RoomsClient.EnterCollaborationAsync(host, "pair", "ben");
        await ann.ExpectTypeAsync("peer-joined");
        await using var cat = await RoomsClient.EnterCollaborationAsync(host, "pair", "cat");
        await ann.ExpectTypeAsync("peer-joined");
        await ben.ExpectTypeAsync("peer-joined");
        await ann.SendAsync("""{"type":"sdp-offer","roomId":"pair","userId":"ann","data":{"sdp":"v=0\r\na=ice-ufrag:AB\r\n"}}""");
        await ben.ExpectAsync("""{"type":"sdp-offer","roomId":"pair","userId":"ann","data":{"sdp":"v=0\r\na=ice-ufrag:AB\r\n"}}""");
        await ann.SendAsync("""{"type":"sdp-offer","roomId":"pair","userId":"ann","data":{"sdp":"v=0\r\na=ice-ufrag:AC\r\n"}}""");
        await cat.ExpectTypeAsync("sdp-offer");
        await cat.SendAsync("""{"type":"sdp-answer","roomId":"pair","userId":"cat","data":{"sdp":"v=0\r\na=ice-ufrag:CA\r\n"}}""");
        await ann.ExpectAsync("""{"type":"sdp-answer","roomId":"pair","userId":"cat","data":{"sdp":"v=0\r\na=ice-ufrag:CA\r\n"}}""");
        await ann.SendAsync("""{"type":"ice-candidate","roomId":"pair","userId":"ann","data":{"candidate":"candidate:1 1 udp 1 10.0.0.1 9 typ host ufrag AC","sdpMLineIndex":0,"sdpMid":"0"}}""");
        await cat.ExpectTypeAsync("ice-candidate");
        await ben.ExpectSilenceAsync();
    }

    [Fact]
    public async Task SyncServiceMembersResumeByAuthenticatingAlone()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var host1 = await RoomsClient.EnterSyncServiceAsync(host, "room-1", "user-1");
        await using var guest = await RoomsClient.EnterSyncServiceAsync(host, "room-1", "user-2");
        await host1.ExpectAsync("""{"type":"user-joined","data":{"userId":"user-2","userName":"user-2"}}""");
        await host1.SendAsync("""{"type":"webrtc-offer","data":{"to":"user-2","offer":{"type":"offer","sdp":"v=0"},"from":"forged"}}""");
        await guest.ExpectAsync("""{"type":"webrtc-offer","data":{"to":"user-2","offer":{"type":"offer","sdp":"v=0"},"from":"user-1"}}""");
        await host1.SendAsync("""{"type":"operation-sync-request","sessionId":"room-1","data":{"type":"insert","position":0,"content":"x","userId":"user-1","version":0}}""");
        await host1.ExpectAsync("""{"type":"ack","data":{"type":"insert","position":0,"content":"x","userId":"user-1","version":1}}""");
        await guest.ExpectAsync("""{"type":"operation","data":{"type":"insert","position":0,"content":"x","userId":"user-1","version":1}}""");
        guest.Socket.Abort();
        await using var back = await RoomsClient.ConnectAsync(host);
        await back.SendAsync($$$"""{"type":"auth","data":{"token":"{{{await RoomsClient.TokenAsync(host, "user-2", "room-1")}}}","userId":"user-2","roomId":"room-1"}}""");
        await back.ExpectTypeAsync("auth");
        await back.SendAsync("""{"type":"webrtc-answer","data":{"to":"user-1","answer":{"type":"answer","sdp":"v=0"}}}""");
        await host1.ExpectAsync("""{"type":"webrtc-answer","data":{"to":"user-1","answer":{"type":"answer","sdp":"v=0"},"from":"user-2"}}""");
    }

    [Fact]
    public async Task WorkbenchOperationsAreNumberedAndReachTheOthers()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var ann = await RoomsClient.EnterWorkbenchAsync(host, "ABC", "ann");
        await using var ben = await RoomsClient.EnterWorkbenchAsync(host, "ABC", "ben");
        await ann.ExpectAsync("""{"type":"user_joined","data":{"userId":"ben","userName":"ben"}}""");
        await ben.SendAsync("""{"type":"operation","roomId":"ABC","operationId":"o1","userId":"x","userName":"ben","data":"{}","version":0}""");
        await ben.ExpectAsync("""{"type":"ack","data":{"operationId":"o1","version":1}}""");
        await ann.ExpectAsync("""{"type":"operation","roomId":"ABC","operationId":"o1","userId":"ben","userName":"ben","data":"{}","version":1}""");
        await ben.SendAsync("""{"type":"cursor","roomId":"ABC","userId":"ben","userName":"ben","line":1,"column":2}""");
        await ann.ExpectTypeAsync("cursor");
        await ann.SendAsync("""{"type":"ping"}""");
        await ann.ExpectTypeAsync("pong");
    }

    [Fact]
    public async Task MembersOfDifferentFormsMeetInOneRoom()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var lean = await RoomsClient.EnterLeanAsync(host, "x", "a", "A");
        await using var sync = await RoomsClient.EnterSyncServiceAsync(host, "x", "c");
        await lean.ExpectAsync("""{"type":"peerJoined","roomId":"x","peerId":"c","peerName":"c"}""");
        await lean.SendAsync("""{"type":"offer","roomId":"x","from":"a","to":"c","data":{"type":"offer","sdp":"v=0"}}""");
        await sync.ExpectAsync("""{"type":"webrtc-offer","data":{"from":"a","offer":{"type":"offer","sdp":"v=0"}}}""");
        await sync.SendAsync("""{"type":"webrtc-ice-candidate","data":{"to":"a","candidate":{"candidate":"candidate:1","sdpMid":"0"}}}""");
        await lean.ExpectAsync("""{"type":"ice","roomId":"x","from":"c","to":"a","data":{"candidate":{"candidate":"candidate:1","sdpMid":"0"}}}""");
        await using var readme = await RoomsClient.AuthenticateReadmeAsync(host, "x", "e");
        await readme.SendAsync("""{"type":"join-room","userId":"e","roomId":"x"}""");
        await readme.ExpectTypeAsync("room-joined");
        await lean.ExpectTypeAsync("peerJoined");
        await sync.ExpectTypeAsync("user-joined");
        await readme.SendAsync("""{"type":"sdp-answer","userId":"e","roomId":"x","targetUserId":"a","data":{"type":"answer","sdp":"v=1"}}""");
        await lean.ExpectAsync("""{"type":"answer","roomId":"x","from":"e","to":"a","data":{"type":"answer","sdp":"v=1"}}""");
        await lean.SendAsync("""{"type":"chat","roomId":"x","from":"a","data":{"text":"for A only"}}""");
        await lean.ExpectTypeAsync("chat");
        await sync.ExpectSilenceAsync();
        await using var workbench = await RoomsClient.EnterWorkbenchAsync(host, "x", "d");
        await lean.ExpectSilenceAsync();
    }
}
