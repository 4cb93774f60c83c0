using System.Net.WebSockets;
using System.Text.Json.Nodes;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Rooms.RoomsHttp;

namespace PeerSync.Tests.Rooms;

/// <summary>What clients may send over a real socket without harm to others (Rooms contract, sections 3, 9 and 15).</summary>
public sealed class RoomsResilienceTests
{
    private static readonly string[] Garbage =
    [
        "null", "[]", "5", "true", "\"auth\"", "{}", string.Empty, "not json", "{", "\ufeff{}", new string('[', 5000), """{"type":null}""", """{"type":{}}""",
        """{"type":"offer","data":{"to":{}}}""", """{"type":"chat","data":[]}""", """{"type":"operation","data":7,"operationId":{}}""", """{"type":"join-room","data":{"roomId":[]}}""",
        """{"type":"auth","data":{"token":7,"userId":{}}}""", """{"type":"sdp-offer","data":null}""", """{"type":"ice-candidate","data":{"candidate":7}}""",
        """{"type":"webrtc-offer","data":{"to":"x"}}""", """{"type":"operation-sync-request"}""", """{"type":"presence","data":"x"}""", """{"type":"cursor"}""",
        """{"type":"heartbeat","data":{}}""", """{"type":"ping","data":[[]]}""", """{"type":"leave-room","roomId":{},"userId":[]}""", """{"type":"\ud800"}""",
    ];

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    [InlineData("C")]
    [InlineData("D")]
    [InlineData("E")]
    [InlineData("undecided")]
    public async Task GarbageHarmsNobody(string form)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "safe", "a");
        await using var eve = form switch
        {
            "A" => await RoomsClient.EnterLeanAsync(host, "r", "eve"),
            "B" => await RoomsClient.EnterCollaborationAsync(host, "r", "eve"),
            "C" => await RoomsClient.EnterSyncServiceAsync(host, "r", "eve"),
            "D" => await RoomsClient.EnterWorkbenchAsync(host, "r", "eve"),
            "E" => await RoomsClient.AuthenticateReadmeAsync(host, "r", "eve"),
            _ => await RoomsClient.ConnectAsync(host),
        };
        foreach (var text in Garbage)
        {
            await eve.SendAsync(text);
            await eve.Socket.SendAsync(text, WebSocketMessageType.Binary);
        }

        await eve.Socket.SendAsync(new byte[] { 0xFF, 0xFE }, WebSocketMessageType.Binary);
        Assert.False(eve.Socket.Closed.IsCompleted);
        await alice.SendAsync("""{"type":"chat","roomId":"safe","from":"a","data":{"text":"well"}}""");
        await alice.ExpectAsync("""{"type":"chat","roomId":"safe","from":"a","data":{"text":"well"}}""");
        await eve.Socket.SendAsync(new byte[] { 0xC3, 0x28 }, WebSocketMessageType.Text);
        Assert.Equal(1007, (await eve.Socket.WaitForCloseAsync()).Code);
    }

    [Fact]
    public async Task AFrameSplitAtEveryByteIsOneFrame()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var socket = await RawSocket.OpenAsync(host.Address, "/");
        var auth = RawSocket.Text("""{"type":"auth","roomId":"r","from":"ä"}""");
        for (var split = 1; split < auth.Length; split++)
        {
            await WriteInTwoAsync(auth, split);
            Assert.Equal("""{"type":"peerList","roomId":"r","peers":[]}""", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text);
        }

        // Also as two frames of one message, the second in two packets.
        var chat = """{"type":"chat","roomId":"r","from":"ä","data":{"text":"naïve €"}}"""u8.ToArray();
        for (var split = 1; split < chat.Length; split++)
        {
            byte[] message = [.. RawSocket.Frame(WebSocketOpcode.Text, chat.AsSpan(0, split), fin: false), .. RawSocket.Frame(WebSocketOpcode.Continuation, chat.AsSpan(split))];
            await WriteInTwoAsync(message, split + 3);
            var echo = JsonNode.Parse((await socket.ExpectAsync(WebSocketOpcode.Text)).Payload);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(chat), echo));
        }

        foreach (var single in RawSocket.Frame(WebSocketOpcode.Binary, chat))
        {
            await socket.WriteAsync(new[] { single });
        }

        Assert.Contains("naïve", (await socket.ExpectAsync(WebSocketOpcode.Text)).Text, StringComparison.Ordinal);

        async Task WriteInTwoAsync(byte[] bytes, int split)
        {
            await socket.WriteAsync(bytes.AsMemory(0, split));
            await Task.Yield();
            await socket.WriteAsync(bytes.AsMemory(split));
        }
    }

    [Fact]
    public async Task WholeFilesAreRelayedAndLargerFramesCloseTheSocket()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "b");
        await alice.ExpectTypeAsync("peerJoined");
        var code = new string('x', 3 * 1024 * 1024);
        await alice.SendAsync($$$"""{"type":"sync","roomId":"r","from":"a","data":{"code":"{{{code}}}"}}""");
        Assert.Equal(code, (string?)(await bob.ExpectTypeAsync("sync"))["data"]!["code"]);
        Assert.Equal(code, (string?)(await alice.ExpectTypeAsync("sync"))["data"]!["code"]);
        await alice.Socket.SendAsync(new byte[(4 * 1024 * 1024) + 1], WebSocketMessageType.Text);
        Assert.Equal(1009, (await alice.Socket.WaitForCloseAsync()).Code);
        await bob.ExpectTypeAsync("peerLeft");
    }

    // Section 3: what an undecided connection is told.
    [Theory]
    [InlineData("""{"type":"create-room"}""", "Not authenticated")]
    [InlineData("""{"type":"join-room","userId":"u","roomId":"r","data":{"userName":"U"}}""", "Not authenticated")]
    [InlineData("""{"type":"leave-room"}""", "Not authenticated")]
    [InlineData("""{"type":"sdp-offer"}""", "Not authenticated")]
    [InlineData("""{"type":"sdp-answer"}""", "Not authenticated")]
    [InlineData("""{"type":"ice-candidate"}""", "Not authenticated")]
    [InlineData("""{"type":"heartbeat"}""", "Not authenticated")]
    [InlineData("""{"type":"auth"}""", "Missing userId or roomId")]
    [InlineData("""{"type":"auth","data":{"token":"t"}}""", "Missing userId or roomId")]
    [InlineData("not json", "Invalid message format")]
    [InlineData("null", "Invalid message format")]
    [InlineData("[]", "Missing roomId or from")]
    [InlineData("7", "Missing roomId or from")]
    [InlineData("""{"roomId":"r"}""", "Missing roomId or from")]
    [InlineData("""{"type":7}""", "Missing roomId or from")]
    [InlineData("""{"type":"ping"}""", null)]
    [InlineData("""{"type":"offer"}""", null)]
    [InlineData("""{"type":"webrtc-offer"}""", null)]
    [InlineData("""{"type":"chat"}""", null)]
    [InlineData("""{"type":"operation","userId":"u","roomId":"r"}""", null)]
    [InlineData("""{"type":"presence"}""", null)]
    [InlineData("""{"type":"cursor"}""", null)]
    [InlineData("""{"type":"unknown"}""", null)]
    public async Task AnUndecidedConnectionIsAnsweredAndMayStillChoose(string frame, string? error)
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var client = await RoomsClient.ConnectAsync(host);
        await client.ExpectSilenceAsync();
        await client.SendAsync(frame);
        if (error is not null)
        {
            await client.ExpectErrorAsync(error);
        }

        await client.SendAsync("""{"type":"auth","roomId":"r","from":"a"}""");
        await client.ExpectTypeAsync("peerList");
    }

    [Fact]
    public async Task WithoutTokenlessEntryEveryFormNeedsAToken()
    {
        const string missing = "Missing auth token. Request token from /api/auth/token endpoint first.";
        await using var host = await PeerSyncTestHost.StartAsync($"{Alone}\npeersync.rooms.tokenless = deny");
        var token = await RoomsClient.TokenAsync(host, "u", "r");
        var other = await RoomsClient.TokenAsync(host, "v", "r");
        await using var lean = await RoomsClient.ConnectAsync(host);
        await lean.SendAsync("""{"type":"auth","roomId":"r","from":"u"}""");
        await lean.ExpectErrorAsync(missing);
        await lean.SendAsync($$$"""{"type":"auth","roomId":"r","from":"u","data":{"token":"{{{other}}}"}}""");
        await lean.ExpectErrorAsync("User ID mismatch");
        await lean.SendAsync($$$"""{"type":"auth","roomId":"s","from":"u","data":{"token":"{{{token}}}"}}""");
        await lean.ExpectErrorAsync("Not authorized for this room");
        await lean.SendAsync($$$"""{"type":"auth","roomId":"r","from":"u","data":{"token":"{{{token}}}"}}""");
        await lean.ExpectTypeAsync("peerList");
        await using var collaboration = await RoomsClient.ConnectAsync(host);
        await collaboration.SendAsync("""{"type":"join-room","roomId":"r","userId":"u","data":{"roomId":"r","userId":"u"}}""");
        await collaboration.ExpectErrorAsync(missing);
        await collaboration.SendAsync("""{"type":"sdp-offer","roomId":"r","userId":"u","data":{"sdp":"v=0"}}""");
        await collaboration.ExpectErrorAsync("Not authenticated");
        await collaboration.SendAsync($$$"""{"type":"join-room","roomId":"r","userId":"u","data":{"roomId":"r","userId":"u","token":"{{{token}}}"}}""");
        await collaboration.ExpectTypeAsync("room-joined");
        await using var workbench = await RoomsClient.ConnectAsync(host);
        await workbench.SendAsync("""{"type":"auth","data":{"roomId":"r","userId":"u","token":null}}""");
        await workbench.ExpectAsync($$$"""{"type":"auth-error","data":{"message":"{{{missing}}}","code":"TOKEN_MISSING"}}""");
        await workbench.SendAsync("""{"type":"join-room","data":{"roomId":"r","userId":"u"}}""");
        await workbench.ExpectSilenceAsync();
    }

    [Fact]
    public async Task AReadmeTargetThatIsNoMemberIsNoTarget()
    {
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await JoinReadmeAsync(host, "alice");
        await using var bob = await JoinReadmeAsync(host, "bob");
        await alice.ExpectTypeAsync("peer-joined");
        await alice.SendAsync("""{"type":"sdp-offer","roomId":"r","userId":"alice","targetUserId":"nobody","data":{"sdp":"v=0"}}""");
        await bob.ExpectAsync("""{"type":"sdp-offer","roomId":"r","userId":"alice","data":{"offer":{"sdp":"v=0"}}}""");
        foreach (var target in (string[])["\"targetUserId\":\"alice\"", "\"to\":\"alice\"", "\"peer\":\"alice\""])
        {
            await bob.SendAsync($$$"""{"type":"ice-candidate","roomId":"r","userId":"bob","data":{"candidate":"c",{{{target}}}}}""");
            await alice.ExpectTypeAsync("ice-candidate");
        }

        // Types of other forms, and those that nobody knows, are ignored.
        foreach (var type in (string[])["webrtc-offer", "offer", "ice", "cursor", "ping", "chat", "unknown"])
        {
            await bob.SendAsync($$$"""{"type":"{{{type}}}","roomId":"r","userId":"mallory","data":{"to":"alice"}}""");
        }

        await alice.ExpectSilenceAsync();
        await bob.ExpectSilenceAsync();
        await bob.SendAsync("""{"type":"cursor-update","roomId":"r","userId":"bob","data":{"line":1}}""");
        await alice.ExpectAsync("""{"type":"cursor-update","roomId":"r","userId":"bob","data":{"line":1}}""");
        await bob.SendAsync("""{"type":"presence","roomId":"other","userId":"bob","data":{}}""");
        await bob.ExpectErrorAsync("Not authorized for this room");
    }

    [Fact]
    public async Task FramesOfOneSenderArriveInTheirOrder()
    {
        const int count = 500;
        await using var host = await PeerSyncTestHost.StartAsync(Alone);
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "a");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "b");
        await alice.ExpectTypeAsync("peerJoined");
        for (var i = 0; i < count; i++)
        {
            await alice.SendAsync(i % 2 == 0
                ? $$$$"""{"type":"ice","roomId":"r","from":"a","to":"b","data":{"candidate":{"n":{{{{i}}}}}}}"""
                : $$$"""{"type":"sync","roomId":"r","from":"a","data":{"n":{{{i}}}}}""");
        }

        for (var i = 0; i < count; i++)
        {
            var frame = await bob.ExpectTypeAsync(i % 2 == 0 ? "ice" : "sync");
            Assert.Equal(i, (int)(frame["data"]!["candidate"]?["n"] ?? frame["data"]!["n"])!);
        }
    }

    private static async Task<RoomsClient> JoinReadmeAsync(PeerSyncTestHost host, string userId)
    {
        await host.PostAsync("/api/rooms", """{"room_id":"r"}""");
        var client = await RoomsClient.AuthenticateReadmeAsync(host, "r", userId);
        await client.SendAsync($$"""{"type":"join-room","roomId":"r","userId":"{{userId}}"}""");
        await client.ExpectTypeAsync("room-joined");
        return client;
    }
}
