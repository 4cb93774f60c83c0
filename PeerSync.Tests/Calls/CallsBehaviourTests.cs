using System.Globalization;
using PeerSync.Actors.Calls;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Calls.CallsCallTests;

namespace PeerSync.Tests.Calls;

/// <summary>What decides whether the product's client works with the server, and what else is promised of sockets and calls.</summary>
public sealed class CallsBehaviourTests
{
    private const string Join = """{"region":"global","language":"en","gender":"","genderPreference":"any","interests":[],"queueType":"casual"}""";

    [Fact]
    public async Task JoinsMayBeRepeatedAtWill()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        for (var i = 0; i < 30; i++)
        {
            await alice.EmitAsync("join-queue", Join);
        }

        // One answer, nobody matched with itself, and nothing counted: nine other wishes are still free.
        await alice.ExpectAsync("queue-joined");
        await alice.ExpectNothingAsync();
        for (var i = 0; i < 9; i++)
        {
            await alice.EmitAsync("join-queue", $$"""{"language":"l{{i}}"}""");
            await alice.ExpectAsync("queue-joined");
        }

        await alice.EmitAsync("join-queue", """{"language":"x"}""");
        Assert.Equal("RATE_LIMITED", (string?)(await alice.ExpectAsync("error"))!["code"]);
    }

    [Fact]
    public async Task TheJoinLimitEnds()
    {
        var time = new ManualTimeProvider();
        await using var host = await CallsTestHost.StartAsync("peersync.calls.joins.max-requests = 1", time);
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await alice.EmitAsync("join-queue", """{"language":"a"}""");
        await alice.ExpectAsync("queue-joined");
        for (var i = 0; i < 6; i++)
        {
            await alice.EmitAsync("join-queue", """{"language":"b"}""");
            await alice.ExpectAsync("error");
            time.Advance(TimeSpan.FromSeconds(10));
            await alice.ExpectNothingAsync();
        }

        await alice.EmitAsync("join-queue", """{"language":"b"}""");
        await alice.ExpectAsync("queue-joined");
    }

    [Fact]
    public async Task WhatIsSentBeforeTheAuthenticationIsOverIsDealtWithInOrder()
    {
        await using var host = await CallsTestHost.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await using var socket = await CallsSocket.OpenAsync(host, $"device-{i}");
            await socket.ExpectAsync("connect");
            await socket.EmitAsync("join-queue", $$"""{"language":"l{{i}}","gender":""}""");
            await socket.EmitAsync("leave-queue");
            await socket.EmitAsync("join-queue", """{"gender":"x"}""");
            await socket.ExpectAsync("connected");
            await socket.ExpectAsync("queue-joined");
            await socket.ExpectAsync("queue-left");
            await socket.ExpectAsync("exception");
        }
    }

    [Fact]
    public async Task ASkipEndsTheOldCallBeforeTheNextBegins()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await using var carol = await CallsSocket.ConnectAsync(host, "carol");
        var session = await MatchAsync(alice, bob);
        await carol.EmitAsync("join-queue", "{}");
        await carol.ExpectAsync("queue-joined");
        await alice.EmitAsync("end-call", $$"""{"sessionId":"{{session}}","wasSkipped":true}""");
        await alice.EmitAsync("join-queue", "{}");
        Assert.Equal(session, (string?)(await alice.ExpectAsync("call-ended"))!["sessionId"]);
        await alice.ExpectAsync("queue-joined");
        var next = (string?)(await alice.ExpectAsync("matched"))!["sessionId"];
        Assert.NotEqual(session, next);

        // What the client still says of the old call must not end the new one.
        await alice.EmitAsync("end-call", $$"""{"sessionId":"{{session}}","wasSkipped":true}""");
        await alice.EmitAsync("join-queue", "{}");
        await alice.ExpectNothingAsync();
        Assert.Equal(next, (string?)(await carol.ExpectAsync("matched"))!["sessionId"]);
        await carol.ExpectNothingAsync();

        // The one that was skipped does what the product's client does.
        await bob.ExpectAsync("peer-disconnected");
        await bob.EmitAsync("end-call", $$"""{"sessionId":"{{session}}","wasSkipped":true}""");
        for (var i = 0; i < 9; i++)
        {
            await bob.EmitAsync("join-queue", "{}");
        }

        await bob.ExpectAsync("call-ended");
        await bob.ExpectAsync("queue-joined");
        await bob.ExpectNothingAsync();
    }

    [Fact]
    public async Task TheNewestSocketOwnsTheDevice()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var older = await CallsSocket.ConnectAsync(host, "alice");
        await older.EmitAsync("join-queue", Join);
        await older.ExpectAsync("queue-joined");
        await using var newer = await CallsSocket.ConnectAsync(host, "alice");
        await newer.EmitAsync("join-queue", Join);
        await newer.ExpectAsync("queue-joined");
        await older.DisconnectAsync();
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await bob.EmitAsync("join-queue", Join);
        await bob.ExpectAsync("queue-joined");
        await bob.ExpectAsync("matched");
        var session = (string?)(await newer.ExpectAsync("matched"))!["sessionId"];
        await bob.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"hello","timestamp":1}""");
        await newer.ExpectAsync("message");
    }

    [Fact]
    public async Task ALostSocketDoesNotEndTheCallWithinTheGrace()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        string session;
        await using (var alice = await CallsSocket.ConnectAsync(host, "alice"))
        {
            session = await MatchAsync(alice, bob);
            alice.Abort();
        }

        await Eventually.TrueAsync(() => host.Server.Get<CallsCounters>().Connections == 1, () => "alice's socket is still there");
        await bob.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"are you there","timestamp":1}""");
        await bob.ExpectNothingAsync();
        await using var again = await CallsSocket.ConnectAsync(host, "alice");
        Assert.Equal("are you there", (string?)(await again.ExpectAsync("message"))!["message"]);
        await again.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"yes","timestamp":2}""");
        Assert.Equal("yes", (string?)(await bob.ExpectAsync("message"))!["message"]);
    }

    [Fact]
    public async Task AfterTheGraceThePartnerIsToldOnce()
    {
        await using var host = await CallsTestHost.StartAsync("peersync.calls.resume-grace = 200ms");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await using (var alice = await CallsSocket.ConnectAsync(host, "alice"))
        {
            await MatchAsync(alice, bob);
            alice.Abort();
        }

        await bob.ExpectAsync("peer-disconnected");
        await bob.ExpectNothingAsync();
    }

    [Fact]
    public async Task PartnersAreToldPseudonymsThatReportsAndBlocksTake()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await alice.EmitAsync("join-queue", Join);
        await alice.ExpectAsync("queue-joined");
        await bob.EmitAsync("join-queue", Join);
        await bob.ExpectAsync("queue-joined");
        var matched = await alice.ExpectAsync("matched");
        await bob.ExpectAsync("matched");
        var peer = (string)matched!["peerId"]!;
        var session = (string)matched["sessionId"]!;
        Assert.NotEqual("bob", peer);
        await bob.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"something rude","timestamp":1}""");
        Assert.Equal(peer, (string?)(await alice.ExpectAsync("message"))!["from"]);
        await alice.EmitAsync("end-call", $$"""{"sessionId":"{{session}}"}""");
        await alice.ExpectAsync("call-ended");
        var (status, report) = await host.AskAsync(
            HttpMethod.Post, "/reports", "alice", $$"""{"reportedPeerId":"{{peer}}","sessionId":"{{session}}","reason":"harassment"}""");
        Assert.Equal(201, status);
        var kept = await host.Directory.FindReportAsync(Guid.Parse((string)report!["reportId"]!), PeerSyncTestHost.Cancel);
        Assert.Equal(("bob", "something rude"), (kept!.Reported, kept.Evidence.Single().Message));
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/blocks", "alice", $$"""{"blockedUserId":"{{peer}}"}""")).Status);
    }

    [Fact]
    public async Task ABlockHoldsForWhoWaitsAlready()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await alice.EmitAsync("join-queue", """{"region":"europe"}""");
        await alice.ExpectAsync("queue-joined");
        await bob.EmitAsync("join-queue", """{"region":"asia"}""");
        await bob.ExpectAsync("queue-joined");
        Assert.Equal(201, (await host.AskAsync(HttpMethod.Post, "/blocks", "alice", """{"blockedUserId":"bob"}""")).Status);
        await bob.EmitAsync("join-queue", """{"region":"global"}""");
        await bob.ExpectAsync("queue-joined");
        await bob.ExpectNothingAsync();

        // "global" meets every region, and carol is nobody's foe.
        await using var carol = await CallsSocket.ConnectAsync(host, "carol");
        await carol.EmitAsync("join-queue", """{"region":"global"}""");
        await carol.ExpectAsync("queue-joined");
        await carol.ExpectAsync("matched");
    }

    [Fact]
    public async Task ABanCutsSocketsAndCallsAtOnce()
    {
        await using var host = await CallsTestHost.StartAsync("peersync.calls.moderators = [mod]");
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        await MatchAsync(alice, bob);
        Assert.Equal(201, (await host.ModerateAsync(HttpMethod.Post, "/bans", """{"deviceId":"bob","reason":"rude"}""")).Status);
        await bob.ExpectAsync(CallsSocket.Disconnected);
        await alice.ExpectAsync("peer-disconnected");
        await using var again = await CallsSocket.OpenAsync(host, "bob");
        await again.ExpectAsync("connect");
        await again.ExpectAsync(CallsSocket.Disconnected);
    }

    [Fact]
    public async Task InsultsAreBlockedEveryTimeAndRestrictTheirSender()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        var session = await MatchAsync(alice, bob);
        await SayAsync("you loser");
        Assert.Equal("warning", (string?)(await alice.ExpectAsync("moderation-action"))!["type"]);
        await SayAsync("you loser");
        Assert.Equal("restriction", (string?)(await alice.ExpectAsync("moderation-action"))!["type"]);
        await SayAsync("sorry");
        Assert.Equal("restricted", (string?)(await alice.ExpectAsync("moderation-action"))!["type"]);
        await bob.ExpectNothingAsync();
        await alice.EmitAsync("send-reaction", $$"""{"sessionId":"{{session}}","emoji":"👍","timestamp":1}""");
        await bob.ExpectAsync("reaction");
        await bob.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"what the fuck","timestamp":1}""");
        await bob.ExpectAsync("moderation-warning");
        await alice.ExpectAsync("message");

        Task SayAsync(string text) => alice.EmitAsync("send-message", $$"""{"sessionId":"{{session}}","message":"{{text}}","timestamp":1}""");
    }

    [Fact]
    public async Task AFloodIsRefused()
    {
        await using var host = await CallsTestHost.StartAsync("peersync.calls.events { burst = 5, per-second = 1 }");
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        for (var i = 0; i < 5; i++)
        {
            await alice.EmitAsync("leave-queue");
            await alice.ExpectAsync("queue-left");
        }

        await alice.EmitAsync("leave-queue");
        Assert.Equal("TOO_MANY_EVENTS", (string?)(await alice.ExpectAsync("error"))!["code"]);
    }

    [Fact]
    public async Task WhoGoesOnFloodingIsDisconnected()
    {
        var time = new ManualTimeProvider();
        await using var host = await CallsTestHost.StartAsync("peersync.calls.events { burst = 5, per-second = 1 }", time);
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await FloodAsync(250);
        for (var i = 0; i < 5; i++)
        {
            await alice.ExpectAsync("queue-left");
        }

        for (var i = 0; i < 245; i++)
        {
            Assert.Equal("TOO_MANY_EVENTS", (string?)(await alice.ExpectAsync("error"))!["code"]);
        }

        // So that the transport, which is more patient, goes on reading. Of what is refused at the end some may not be told any more.
        time.Advance(TimeSpan.FromSeconds(2));
        await FloodAsync(257);
        await alice.WaitForDisconnectAsync();

        async Task FloodAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await alice.EmitAsync("leave-queue");
            }
        }
    }

    [Fact]
    public async Task TheMetricsTellWhatHappens()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await using var bob = await CallsSocket.ConnectAsync(host, "bob");
        var session = await MatchAsync(alice, bob, """{"region":"europe"}""");
        await alice.EmitAsync("send-offer", $$$"""{"sessionId":"{{{session}}}","type":"offer","data":{}}""");
        await bob.ExpectAsync("offer");
        await bob.EmitAsync("connection-status", $$"""{"sessionId":"{{session}}","status":"connected"}""");
        await bob.EmitAsync("end-call", $$"""{"sessionId":"{{session}}","wasSkipped":true}""");
        await bob.ExpectAsync("call-ended");
        await alice.ExpectAsync("peer-disconnected");
        var page = await host.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), PeerSyncTestHost.Cancel);
        foreach (var line in (string[])
            [
                "video_chat_active_connections 2",
                "video_chat_total_connections 2",
                "video_chat_sessions_created_total{language=\"en\",region=\"europe\"} 1",
                "video_chat_sessions_ended_total{reason=\"skip\"} 1",
                "video_chat_active_sessions 0",
                "video_chat_queue_length 0",
                "video_chat_matches_created_total 1",
                "video_chat_match_latency_seconds_count 2",
                "video_chat_webrtc_offers_total 1",
                "video_chat_connection_success_total{connection_type=\"p2p\"} 1",
                "video_chat_websocket_events_total{event_type=\"join-queue\"} 2",
            ])
        {
            Assert.True(page.Contains(line, StringComparison.Ordinal), string.Create(CultureInfo.InvariantCulture, $"'{line}' is not in {page}"));
        }
    }

    [Fact]
    public async Task AnAcknowledgementComesBehindTheAnswer()
    {
        await using var host = await CallsTestHost.StartAsync();
        await using var alice = await CallsSocket.ConnectAsync(host, "alice");
        await alice.EmitAsync("join-queue", Join, ackId: 7);
        await alice.ExpectAsync("queue-joined");
        await alice.ExpectNothingAsync();
        Assert.Equal([7], alice.Acknowledged);
    }
}
