using System.Net.WebSockets;
using PeerSync.Actors.Rooms;
using PeerSync.Protocol.Rooms;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Rooms;

/// <summary>What clients must not be able to do to the others, whatever they send (docs/spec/rooms.md).</summary>
public sealed class RoomsAbuseTests
{
    private const string NotAuthorized = "Not authorized for this room";
    private const int MaxFrameSize = 4 * 1024 * 1024;

    [Theory]
    [InlineData(RoomsForm.Lean)]
    [InlineData(RoomsForm.Collaboration)]
    [InlineData(RoomsForm.SyncService)]
    [InlineData(RoomsForm.Workbench)]
    [InlineData(RoomsForm.Readme)]
    public async Task NobodyReachesAnotherRoomOrSpeaksInAnothersName(RoomsForm form)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await EnterAsync(host, form, "theirs", "alice");
        await using var bob = await EnterAsync(host, form, "theirs", "bob");
        await ExpectNewcomerAsync(alice);
        await using var mallory = await EnterAsync(host, form, "own", "mallory");
        await using var mate = await EnterAsync(host, form, "own", "mate");
        await ExpectNewcomerAsync(mallory);
        var token = await RoomsClient.TokenAsync(host, "mallory", "own");
        foreach (var (frame, error) in Intrusions(form, token))
        {
            await mallory.SendAsync(frame);
            if (error is not null)
            {
                await mallory.ExpectErrorAsync(error);
            }
        }

        // The first that the room's other member gets is what was meant for it, and it names the one who sent it.
        var (forged, received) = Forgery(form);
        await mallory.SendAsync(forged);
        await mate.ExpectAsync(received);
        if (form == RoomsForm.Readme)
        {
            // Here a name that is no member's is as good as none, and no way into another room.
            await mallory.SendAsync("""{"type":"sdp-offer","roomId":"own","userId":"mallory","targetUserId":"bob","data":{"type":"offer","sdp":"v=0"}}""");
            await mate.ExpectTypeAsync("sdp-offer");
        }

        await alice.ExpectSilenceAsync();
        await bob.ExpectSilenceAsync();
        Assert.Equal(4, host.Get<RoomsCounters>().Members);
    }

    [Theory]
    [InlineData("""{"type":"auth","roomId":"r","from":"alice","data":{}}""")]
    [InlineData("""{"type":"join-room","roomId":"r","userId":"alice","data":{"roomId":"r","userId":"alice"}}""")]
    [InlineData("""{"type":"auth","data":{"roomId":"r","userId":"alice"}}""", """{"type":"join-room","data":{"roomId":"r","userId":"alice"}}""")]
    [InlineData("""{"type":"auth","roomId":"r","userId":"alice","data":{"token":"TOKEN"}}""", """{"type":"join-room","roomId":"r","userId":"alice"}""")]
    [InlineData(
        """{"type":"auth","data":{"token":"TOKEN","roomId":"r","userId":"alice"}}""", """{"type":"join-room","data":{"roomId":"r","userId":"alice"}}""")]
    public async Task ANameThatAnotherHasProvenIsNotTakenOver(params string[] frames)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.ConnectAsync(host);
        await alice.SendAsync($$$"""{"type":"auth","roomId":"r","from":"alice","data":{"token":"{{{await RoomsClient.TokenAsync(host, "alice", "r")}}}"}}""");
        await alice.ExpectTypeAsync("peerList");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");

        // Anybody can have a token made here, but from elsewhere it is not the same somebody.
        var token = await RoomsClient.TokenAsync(host, "alice", "r");
        await using var thief = await host.ConnectAsync("/", static options => options.SetRequestHeader("X-Forwarded-For", "203.0.113.9"));
        foreach (var frame in frames)
        {
            await thief.SendAsync(frame.Replace("TOKEN", token, StringComparison.Ordinal));
        }

        string answer;
        do
        {
            answer = await thief.ReceiveAsync("a refusal");
        }
        while (!answer.Contains("\"error\"", StringComparison.Ordinal));

        Assert.Contains("User ID is in use", answer, StringComparison.Ordinal);
        await bob.SendAsync("""{"type":"offer","roomId":"r","from":"bob","to":"alice","data":{"type":"offer","sdp":"v=0"}}""");
        await alice.ExpectTypeAsync("offer");
        await thief.CloseAsync();
        await bob.ExpectSilenceAsync();
    }

    [Fact]
    public async Task AnOversizedFrameEndsItsSocketAndNoOther()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        foreach (var length in new[] { MaxFrameSize + 1L, 5L << 30, long.MaxValue })
        {
            await using var mallory = await JoinRawAsync(host, alice, bob);
            await mallory.WriteAsync(RawSocket.Header(WebSocketOpcode.Text, length));
            await mallory.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig, answer: false);
            mallory.Abort();
            await ExpectLeaverAsync(alice, bob);
        }

        // In pieces that are small each.
        await using (var mallory = await JoinRawAsync(host, alice, bob))
        {
            var half = new byte[(MaxFrameSize / 2) + 1];
            await mallory.WriteAsync(RawSocket.Frame(WebSocketOpcode.Text, half, fin: false));
            await mallory.WriteAsync(RawSocket.Header(WebSocketOpcode.Continuation, half.Length));
            await mallory.ExpectCloseAsync(WebSocketCloseCode.MessageTooBig, answer: false);
            mallory.Abort();
            await ExpectLeaverAsync(alice, bob);
        }

        await ExpectChatAsync(alice, bob);
    }

    [Fact]
    public async Task TheLargestFrameArrivesWhole()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        const string Empty = """{"type":"sync","roomId":"r","from":"alice","data":{"code":""}}""";
        var code = new string('x', MaxFrameSize - Empty.Length);
        await alice.SendAsync(Empty.Insert(Empty.Length - 3, code));
        Assert.Equal(code, (string?)(await bob.ExpectTypeAsync("sync"))["data"]!["code"]);
    }

    [Theory]
    [InlineData(
        """{"type":"auth","roomId":"r","userId":"u","data":{"token":"TOKEN"}}""",
        """{"type":"create-room","roomId":"r","userId":"u","data":{"content":"CONTENT"}}""",
        "room-created")]
    [InlineData("""{"type":"auth","data":{"token":"TOKEN","roomId":"r","userId":"u"}}""", """{"type":"join-room","data":{"roomId":"r","content":"CONTENT"}}""", "sync")]
    [InlineData("""{"type":"auth","data":{"roomId":"r","userId":"u"}}""", """{"type":"join-room","data":{"roomId":"r","content":"CONTENT"}}""", "room-joined")]
    public async Task WhoHasAuthenticatedMayEnterWithAWholeFile(string authentication, string entry, string answer)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var client = await RoomsClient.ConnectAsync(host);
        await client.SendAsync(authentication.Replace("TOKEN", await RoomsClient.TokenAsync(host, "u", "r"), StringComparison.Ordinal));
        Assert.Contains("auth", await client.Socket.ReceiveAsync("auth"), StringComparison.Ordinal);
        await client.SendAsync(entry.Replace("CONTENT", new string('x', 1024 * 1024), StringComparison.Ordinal));
        await client.ExpectTypeAsync(answer);
    }

    [Fact]
    public async Task MalformedFramesAreAnsweredAndTheSocketStaysOpen()
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        await using var mallory = await RoomsClient.ConnectAsync(host);
        string[] texts =
        [
            string.Empty, " ", "{", "}", "null", "[]", "1", "\"x\"", "tru", "{}{}", "{\"type\":}", "{\"type\":\"auth\",}",
            """{"type":"auth","roomId":[],"from":"m"}""", """{"type":"auth","roomId":"r","from":{}}""", """{"type":"auth","roomId":"r","from":"a\u0000b"}""",
            """{"type":"auth","roomId":"r","from":1e999999999}""", $$"""{"type":"auth","roomId":"{{new string('r', 129)}}","from":"m"}""",
            $$"""{"type":"auth","roomId":"r","from":"{{new string('m', 50_000)}}"}""", new string('[', 50_000),
            string.Concat(Enumerable.Repeat("{\"data\":", 5000)),
        ];
        foreach (var text in texts)
        {
            await mallory.SendAsync(text);
            await mallory.ExpectTypeAsync("error");
        }

        await mallory.Socket.SendAsync(new byte[] { (byte)'{', 0xC3, 0x28, (byte)'}' }, WebSocketMessageType.Binary);
        await mallory.ExpectTypeAsync("error");
        await mallory.SendAsync("""{"type":"auth","roomId":"r","from":"mallory"}""");
        await mallory.ExpectTypeAsync("peerList");
        await alice.ExpectTypeAsync("peerJoined");
        await bob.ExpectTypeAsync("peerJoined");
        await ExpectChatAsync(alice, bob);
    }

    [Theory]
    [InlineData(WebSocketCloseCode.InvalidPayload, "8184000000007BC3287D")]
    [InlineData(WebSocketCloseCode.ProtocolError, "81027B7D")]
    [InlineData(WebSocketCloseCode.ProtocolError, "F18000000000")]
    [InlineData(WebSocketCloseCode.ProtocolError, "838000000000")]
    [InlineData(WebSocketCloseCode.ProtocolError, "098000000000")]
    public async Task FramesThatAreNoneEndTheirSocketAndNoOther(int code, string bytes)
    {
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        await using var mallory = await JoinRawAsync(host, alice, bob);
        await mallory.WriteAsync(Convert.FromHexString(bytes));
        await mallory.ExpectCloseAsync(code, answer: false);
        mallory.Abort();
        await ExpectLeaverAsync(alice, bob);
        await ExpectChatAsync(alice, bob);
    }

    [Fact]
    public async Task ManyWhoAreUnknownLeaveTheRoomWorking()
    {
        const int Count = 100;
        const string Unknown = """{"type":"auth","roomId":"default-room","from":"unknown","data":{"name":"Anonymous"}}""";
        await using var host = await PeerSyncTestHost.StartAsync();
        await using var alice = await RoomsClient.EnterLeanAsync(host, "default-room", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "default-room", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        var crowd = new List<SocketClient>();
        try
        {
            for (var i = 0; i < Count; i++)
            {
                var client = await host.ConnectAsync("/");
                crowd.Add(client);
                await client.SendAsync(Unknown);
                Assert.Contains("\"peers\":[{\"id\":\"alice\"", await client.ReceiveAsync("peerList"), StringComparison.Ordinal);
                await alice.ExpectTypeAsync("peerJoined");
                await bob.ExpectTypeAsync("peerJoined");
            }

            Assert.Equal(3, host.Get<RoomsCounters>().Members);
            await crowd[0].SendAsync("""{"type":"chat","roomId":"default-room","from":"unknown","data":{"text":"from the first"}}""");
            foreach (var client in crowd[..^1])
            {
                await client.CloseAsync();
            }

            // The latest one is the member, and the others' end is nobody's.
            await crowd[^1].SendAsync("""{"type":"chat","roomId":"default-room","from":"unknown","data":{"text":"from the last"}}""");
            Assert.Equal("from the last", (string?)(await alice.ExpectTypeAsync("chat"))["data"]!["text"]);
            await bob.ExpectTypeAsync("chat");
            await ExpectChatAsync(alice, bob, "default-room");
            await crowd[^1].CloseAsync();
            await alice.ExpectAsync("""{"type":"peerLeft","roomId":"default-room","peerId":"unknown"}""");
        }
        finally
        {
            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task TooManyUpgradesFromOneAddressAreAnswered429AtOnceAndOthersComeIn()
    {
        const int Burst = 20;
        await using var host = await PeerSyncTestHost.StartAsync(
            $"peersync.rate-limits.connections-per-address {{ burst = {Burst}, per-second = 1 }}");
        await using var alice = await RoomsClient.EnterLeanAsync(host, "r", "alice");
        await using var bob = await RoomsClient.EnterLeanAsync(host, "r", "bob");
        await alice.ExpectTypeAsync("peerJoined");
        var request = RawSocket.UpgradeRequest("/", "X-Forwarded-For: 203.0.113.9\r\n");
        var start = TimeProvider.System.GetTimestamp();
        var admitted = 0;
        for (var i = 0; i < 10 * Burst; i++)
        {
            await using var socket = await RawSocket.ConnectAsync(host.Server.Addresses[i % 2]);
            await socket.WriteAsync(request);
            var (head, _) = await socket.ReadResponseAsync();
            if (head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            {
                admitted++;
                continue;
            }

            Assert.StartsWith("HTTP/1.1 429 ", head, StringComparison.Ordinal);
            Assert.Contains("Retry-After: ", head, StringComparison.OrdinalIgnoreCase);
        }

        var seconds = (int)TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Assert.InRange(admitted, Burst, Burst + seconds + 1);
        await using var other = await RawSocket.ConnectAsync(host.Address);
        await other.WriteAsync(RawSocket.UpgradeRequest("/", "X-Forwarded-For: 203.0.113.10\r\n"));
        Assert.StartsWith("HTTP/1.1 101 ", await other.ReadHeadAsync(), StringComparison.Ordinal);
        await ExpectChatAsync(alice, bob);
    }

    private static async Task<RoomsClient> EnterAsync(PeerSyncTestHost host, RoomsForm form, string roomId, string userId)
    {
        switch (form)
        {
            case RoomsForm.Lean:
                return await RoomsClient.EnterLeanAsync(host, roomId, userId);
            case RoomsForm.Collaboration:
                return await RoomsClient.EnterCollaborationAsync(host, roomId, userId);
            case RoomsForm.SyncService:
                return await RoomsClient.EnterSyncServiceAsync(host, roomId, userId);
            case RoomsForm.Workbench:
                return await RoomsClient.EnterWorkbenchAsync(host, roomId, userId);
        }

        var client = await RoomsClient.AuthenticateReadmeAsync(host, roomId, userId);
        var isFirst = userId is "alice" or "mallory";
        await client.SendAsync($$"""{"type":"{{(isFirst ? "create-room" : "join-room")}}"}""");
        await client.ExpectTypeAsync(isFirst ? "room-created" : "room-joined");
        return client;
    }

    private static async Task ExpectNewcomerAsync(RoomsClient member)
    {
        var news = await member.Socket.ReceiveAsync("news of the newcomer");
        Assert.Contains("joined", news, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What the member <c>mallory</c> of the room <c>own</c> tries, and what it is told.</summary>
    private static (string Frame, string? Error)[] Intrusions(RoomsForm form, string token) => form switch
    {
        RoomsForm.Lean =>
        [
            ("""{"type":"chat","roomId":"theirs","from":"alice","data":{"text":"x"}}""", null),
            ("""{"type":"sync","roomId":"theirs","from":"mallory","data":{"code":"x"}}""", null),
            ("""{"type":"offer","roomId":"theirs","from":"alice","to":"bob","data":{"type":"offer","sdp":"v=0"}}""", null),
            ("""{"type":"ice","roomId":"own","from":"alice","to":"bob","data":{"candidate":null}}""", null),
        ],
        RoomsForm.Collaboration =>
        [
            ("""{"type":"sdp-offer","roomId":"theirs","userId":"mallory","data":{"sdp":"v=0"}}""", NotAuthorized),
            ("""{"type":"sdp-answer","roomId":"own","userId":"alice","data":{"sdp":"v=0"}}""", NotAuthorized),
            ("""{"type":"leave-room","roomId":"theirs","userId":"alice"}""", NotAuthorized),
            ("""{"type":"sdp-offer","roomId":"own","userId":"mallory","targetUserId":"bob","data":{"sdp":"v=0"}}""", null),
        ],
        RoomsForm.SyncService =>
        [
            ($$$"""{"type":"auth","data":{"token":"{{{token}}}","userId":"alice","roomId":"own"}}""", "User ID mismatch"),
            ($$$"""{"type":"auth","data":{"token":"{{{token}}}","userId":"mallory","roomId":"theirs"}}""", NotAuthorized),
            ("""{"type":"join-room","data":{"roomId":"theirs","userName":"x"}}""", NotAuthorized),
            ("""{"type":"webrtc-offer","data":{"to":"bob","from":"alice","offer":{"type":"offer","sdp":"v=0"}}}""", null),
        ],
        RoomsForm.Workbench =>
        [
            ("""{"type":"join-room","data":{"roomId":"theirs","userId":"alice","userName":"x"}}""", NotAuthorized),
        ],
        _ =>
        [
            ($$$"""{"type":"auth","roomId":"own","userId":"alice","data":{"token":"{{{token}}}"}}""", "User ID mismatch"),
            ($$$"""{"type":"auth","roomId":"theirs","userId":"mallory","data":{"token":"{{{token}}}"}}""", NotAuthorized),
            ("""{"type":"join-room","roomId":"theirs","userId":"mallory"}""", NotAuthorized),
            ("""{"type":"create-room","roomId":"more","userId":"mallory"}""", NotAuthorized),
            ("""{"type":"leave-room","roomId":"own","userId":"mate"}""", NotAuthorized),
            ("""{"type":"sdp-offer","roomId":"theirs","userId":"mallory","data":{"type":"offer","sdp":"v=0"}}""", NotAuthorized),
            ("""{"type":"ice-candidate","roomId":"own","userId":"alice","data":{"candidate":"x"}}""", NotAuthorized),
            ("""{"type":"presence","roomId":"theirs","userId":"alice","data":{}}""", NotAuthorized),
        ],
    };

    /// <summary>A frame of <c>mallory</c> that says to be somebody else's, as far as its form lets it, and what <c>mate</c> gets.</summary>
    private static (string Sent, string Received) Forgery(RoomsForm form) => form switch
    {
        RoomsForm.Lean => (
            """{"type":"chat","roomId":"own","from":"alice","data":{"text":"x"}}""", """{"type":"chat","roomId":"own","from":"mallory","data":{"text":"x"}}"""),
        RoomsForm.Collaboration => (
            """{"type":"sdp-offer","targetUserId":"mate","data":{"sdp":"v=0"}}""", """{"type":"sdp-offer","roomId":"own","userId":"mallory","data":{"sdp":"v=0"}}"""),
        RoomsForm.SyncService => (
            """{"type":"webrtc-offer","roomId":"theirs","data":{"to":"mate","from":"alice","offer":{"type":"offer","sdp":"v=0"}}}""",
            """{"type":"webrtc-offer","data":{"to":"mate","from":"mallory","offer":{"type":"offer","sdp":"v=0"}}}"""),
        RoomsForm.Workbench => (
            """{"type":"cursor","roomId":"theirs","userId":"alice","userName":"x","line":1,"column":2}""",
            """{"type":"cursor","roomId":"own","userId":"mallory","userName":"x","line":1,"column":2}"""),
        _ => (
            """{"type":"presence","data":{"userId":"alice"}}""", """{"type":"presence","roomId":"own","userId":"mallory","data":{"userId":"alice"}}"""),
    };

    /// <summary>Enters the room <c>r</c> with a socket that can send anything.</summary>
    private static async Task<RawSocket> JoinRawAsync(PeerSyncTestHost host, params RoomsClient[] others)
    {
        var socket = await RawSocket.OpenAsync(host.Address, "/");
        await socket.SendAsync("""{"type":"auth","roomId":"r","from":"mallory"}""");
        await socket.ExpectAsync(WebSocketOpcode.Text);
        foreach (var other in others)
        {
            await other.ExpectTypeAsync("peerJoined");
        }

        return socket;
    }

    private static async Task ExpectLeaverAsync(params RoomsClient[] others)
    {
        foreach (var other in others)
        {
            await other.ExpectAsync("""{"type":"peerLeft","roomId":"r","peerId":"mallory"}""");
        }
    }

    /// <summary>Two members of form A still hear each other.</summary>
    private static async Task ExpectChatAsync(RoomsClient alice, RoomsClient bob, string roomId = "r")
    {
        foreach (var (sender, name) in new[] { (alice, "alice"), (bob, "bob") })
        {
            var frame = $$$"""{"type":"chat","roomId":"{{{roomId}}}","from":"{{{name}}}","data":{"text":"still here"}}""";
            await sender.SendAsync(frame);
            await alice.ExpectAsync(frame);
            await bob.ExpectAsync(frame);
        }
    }
}
