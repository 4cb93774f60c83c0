using System.Text;
using PeerSync.Actors.Sharing;
using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The feed's actor: who is told of what, in which order, and who is there.</summary>
public sealed class SharingFeedActorTests : TestKit.TestKit
{
    private const string Alice = "alice";
    private const string Bob = "bob";

    private readonly ManualTimeProvider _time;
    private readonly MemoryFeed _feed = new();
    private readonly FeedCounters _counters = new();

    public SharingFeedActorTests()
        : this(new ManualTimeProvider())
    {
    }

    private SharingFeedActorTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
    }

    [Fact]
    public async Task EachKindIsToldInItsForm()
    {
        var hub = await StartedAsync();
        var shared = Listen(hub, FeedKind.SharedResp);
        var alice = Listen(hub, FeedKind.UserResp, Alice);
        var socket = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        var stream = await ReadyAsync(hub, FeedKind.ServerSentEvents, Alice);
        var bob = await ReadyAsync(hub, FeedKind.WebSocket, Bob);
        var happened = _feed.Add(Alice);
        happened = happened with { Text = happened.Text with { Brief = """{"brief":true}""" } };
        hub.Tell(happened, ActorRefs.NoSender);

        Assert.Equal(Resp("""{"event":"test","payload":{"brief":true}}"""), await TextAsync(shared));
        Assert.Equal(Resp("""{"event":"test","payload":{"n":1}}"""), await TextAsync(alice));
        Assert.Equal("""{"event":"test","payload":{"n":1},"id":1}""", await TextAsync(socket));
        Assert.Equal("id: 1\ndata: {\"event\":\"test\",\"payload\":{\"n\":1},\"id\":1}\n\n", await TextAsync(stream));
        hub.Tell(_feed.Add(Bob), ActorRefs.NoSender);
        Assert.Equal("""{"event":"test","payload":{"n":2},"id":2}""", await TextAsync(bob));
        Assert.Equal(Resp("""{"event":"test","payload":{"n":2}}"""), await TextAsync(shared));
        await socket.ExpectNoMsgAsync();
        await AwaitAssertAsync(() => Assert.Equal((2L, 6L), (_counters.Events, _counters.Deliveries)));
        Assert.Equal(
            [1L, 1, 2, 1], Enum.GetValues<FeedKind>().Select(_counters.Subscribers));

        static string Resp(string json) => $"*3\r\n$7\r\nmessage\r\n$22\r\nosmynt-recent-snippets\r\n${json.Length}\r\n{json}\r\n";
    }

    [Fact]
    public async Task TheSharedCredentialIsToldAllWhereTheOperatorWantsThat()
    {
        var hub = await StartedAsync(new FeedOptions { SharedPayloadsAreFull = true });
        var shared = Listen(hub, FeedKind.SharedResp);
        var happened = _feed.Add(Alice);
        hub.Tell(happened with { Text = happened.Text with { Brief = "{}" } }, ActorRefs.NoSender);
        Assert.Contains("""{"n":1}""", await TextAsync(shared), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsThatOvertakeEachOtherAreToldInOrder()
    {
        var hub = await StartedAsync();
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        var happened = Enumerable.Range(0, 4).Select(_ => _feed.Add(Alice)).ToArray();
        foreach (var one in new[] { 2, 3, 1, 0, 2 })
        {
            hub.Tell(happened[one], ActorRefs.NoSender);
        }

        foreach (var one in happened)
        {
            Assert.Equal(one.Id, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
        }

        // The gap has closed by itself, so nothing needs to be read.
        _time.Advance(TimeSpan.FromSeconds(1));
        await StateAsync(hub);
        Assert.Equal(0, _feed.Lists);
        await alice.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task WhatNobodyToldOfIsRead()
    {
        var hub = await StartedAsync(new FeedOptions { Page = 2 });
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        for (var i = 0; i < 4; i++)
        {
            _feed.Add(Alice);
        }

        hub.Tell(_feed.Add(Alice), ActorRefs.NoSender);
        await _time.WaitForTimerAsync(new FeedOptions().GapPatience);
        _time.Advance(new FeedOptions().GapPatience);
        for (var id = 1L; id <= 5; id++)
        {
            Assert.Equal(id, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
        }

        Assert.Equal(5, (await StateAsync(hub)).Cursor);
    }

    [Fact]
    public async Task AGapThatTheDatabaseDoesNotKnowIsLeft()
    {
        var hub = await StartedAsync();
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        var happened = _feed.Add(Alice);
        hub.Tell(happened with { Id = 7 }, ActorRefs.NoSender);
        await _time.WaitForTimerAsync(new FeedOptions().GapPatience);
        _time.Advance(new FeedOptions().GapPatience);
        Assert.Equal(1, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
        Assert.Equal(7, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
    }

    [Fact]
    public async Task OtherNodesEventsAreLookedFor()
    {
        var interval = TimeSpan.FromSeconds(1);
        var hub = await StartedAsync(new FeedOptions { PollInterval = interval });
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        _feed.Add(Alice);
        _feed.Add(Bob);
        _feed.Add(Alice);
        _time.Advance(interval);
        Assert.Equal(1, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
        Assert.Equal(3, (await alice.ExpectMsgAsync<FeedFrame>()).Id);
    }

    [Fact]
    public async Task WhoListensBeforeTheFeedKnowsWhereItBeginsMissesNothing()
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _feed.LastId = () => answer.Task;
        var hub = Start();
        var shared = Listen(hub, FeedKind.SharedResp);
        Assert.Null((await StateAsync(hub)).Cursor);
        var started = hub.Ask<FeedState>(AwaitFeedStart.Instance, DefaultTimeout);
        var first = _feed.Add(Alice);
        hub.Tell(_feed.Add(Alice), ActorRefs.NoSender);
        hub.Tell(first, ActorRefs.NoSender);
        var late = _feed.Add(Alice);
        answer.SetResult(2);
        Assert.Equal(0, (await started).Cursor);
        Assert.Equal(1, (await shared.ExpectMsgAsync<FeedFrame>()).Id);
        Assert.Equal(2, (await shared.ExpectMsgAsync<FeedFrame>()).Id);
        hub.Tell(late, ActorRefs.NoSender);
        Assert.Equal(3, (await shared.ExpectMsgAsync<FeedFrame>()).Id);
    }

    [Fact]
    public async Task ADatabaseThatIsAwayAtTheStartIsAskedAgain()
    {
        var attempts = 0;
        _feed.LastId = () => attempts++ == 0 ? Task.FromException<long>(new InvalidOperationException("away")) : Task.FromResult(4L);
        var hub = Start();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await AwaitAssertAsync(() => Assert.Equal(4, hub.Ask<FeedState>(GetFeedState.Instance, DefaultTimeout).GetAwaiter().GetResult().Cursor));
    }

    [Fact]
    public async Task AfterAFaultListenersAreToldAndTheFeedGoesOn()
    {
        var hub = await StartedAsync();
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        var shared = Listen(hub, FeedKind.SharedResp);
        var poison = _feed.Add(Alice);
        hub.Tell(poison with { Audience = null! }, ActorRefs.NoSender);

        // What the shared listener was told before the fault may come or not.
        await alice.FishForMessageAsync<FeedRestarted>(static _ => true);
        await shared.FishForMessageAsync<FeedRestarted>(static _ => true);
        alice.Send(hub, new SubscribeToFeed(FeedKind.WebSocket, Alice, "s"));
        Assert.Equal(1, (await alice.FishForMessageAsync<SubscribedToFeed>(static _ => true)).Cursor);
        hub.Tell(_feed.Add(Alice), ActorRefs.NoSender);
        Assert.Equal(2, (await alice.FishForMessageAsync<FeedFrame>(static _ => true)).Id);
        Assert.Equal((0L, 1L), (_counters.Subscribers(FeedKind.SharedResp), _counters.Subscribers(FeedKind.WebSocket)));
    }

    [Fact]
    public async Task WhoUnsubscribesIsToldNoMore()
    {
        var hub = await StartedAsync();
        var shared = Enumerable.Range(0, 3).Select(_ => Listen(hub, FeedKind.SharedResp)).ToArray();
        shared[0].Send(hub, UnsubscribeFromFeed.Instance);
        shared[0].Send(hub, UnsubscribeFromFeed.Instance);
        hub.Tell(_feed.Add(Alice), ActorRefs.NoSender);
        await shared[1].ExpectMsgAsync<FeedFrame>();
        await shared[2].ExpectMsgAsync<FeedFrame>();
        await shared[0].ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AUserHasALimitOfConnections()
    {
        var hub = await StartedAsync(new FeedOptions { MaxConnectionsPerUser = 2 });
        var first = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        await ReadyAsync(hub, FeedKind.WebSocket, Bob);
        var third = Listen(hub, FeedKind.WebSocket, Alice);
        await third.ExpectMsgAsync(FeedRefused.Instance);
        first.Send(hub, UnsubscribeFromFeed.Instance);
        await ReadyAsync(hub, FeedKind.WebSocket, Alice);
    }

    [Fact]
    public async Task AnEndedSessionIsToldToItsOwnConnections()
    {
        var hub = await StartedAsync();
        var first = await ReadyAsync(hub, FeedKind.WebSocket, Alice, "s1");
        var second = await ReadyAsync(hub, FeedKind.UserResp, Alice, "s2");
        var bob = await ReadyAsync(hub, FeedKind.WebSocket, Bob, "s1");
        hub.Tell(new EndFeedSession(Alice, "s1"), ActorRefs.NoSender);
        await first.ExpectMsgAsync(FeedSessionEnded.Instance);
        await second.ExpectNoMsgAsync();
        hub.Tell(new EndFeedSession(Alice, null), ActorRefs.NoSender);
        await second.ExpectMsgAsync(FeedSessionEnded.Instance);
        await bob.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task TeamMatesSeeEachOtherComeAndGo()
    {
        _feed.SetMates(Alice, Bob, "carol");
        _feed.SetMates(Bob, Alice);
        var hub = await StartedAsync();
        var alice = await ReadyAsync(hub, FeedKind.WebSocket, Alice);
        alice.Send(hub, GetFeedSnapshot.Instance);
        Assert.Equal("""{"event":"presence:snapshot","payload":{"online":[]}}""", await TextAsync(alice));
        var bob = await ReadyAsync(hub, FeedKind.WebSocket, Bob);
        Assert.Equal("""{"event":"presence:changed","payload":{"userId":"bob","online":true}}""", await TextAsync(alice));
        bob.Send(hub, GetFeedSnapshot.Instance);
        Assert.Equal("""{"event":"presence:snapshot","payload":{"online":["alice"]}}""", await TextAsync(bob));

        // A second connection, and one that comes back soon, change nothing.
        var again = await ReadyAsync(hub, FeedKind.UserResp, Bob);
        bob.Send(hub, UnsubscribeFromFeed.Instance);
        again.Send(hub, UnsubscribeFromFeed.Instance);
        await _time.WaitForTimerAsync(new FeedOptions().PresenceGrace);
        bob = await ReadyAsync(hub, FeedKind.WebSocket, Bob);
        _time.Advance(new FeedOptions().PresenceGrace);
        await StateAsync(hub);
        await alice.ExpectNoMsgAsync();

        bob.Send(hub, UnsubscribeFromFeed.Instance);
        await _time.WaitForTimerAsync(new FeedOptions().PresenceGrace);
        Assert.Equal([Bob], (await hub.Ask<FeedPresence>(new GetFeedPresence(Alice), DefaultTimeout)).Online);
        _time.Advance(new FeedOptions().PresenceGrace);
        Assert.Equal("""{"event":"presence:changed","payload":{"userId":"bob","online":false}}""", await TextAsync(alice));
        Assert.Empty((await hub.Ask<FeedPresence>(new GetFeedPresence(Alice), DefaultTimeout)).Online);
    }

    private static async Task<string> TextAsync(TestProbe probe) => Encoding.UTF8.GetString((await probe.ExpectMsgAsync<FeedFrame>()).Buffer.Span);

    private static Task<FeedState> StateAsync(IActorRef hub) => hub.Ask<FeedState>(GetFeedState.Instance, DefaultTimeout);

    private IActorRef Start(FeedOptions? options = null) => SharingFeedHub.Start(Sys, _feed, options ?? new FeedOptions(), _counters).Actor;

    private async Task<IActorRef> StartedAsync(FeedOptions? options = null)
    {
        var hub = Start(options);
        await hub.Ask<FeedState>(AwaitFeedStart.Instance, DefaultTimeout);
        return hub;
    }

    private TestProbe Listen(IActorRef hub, FeedKind kind, string? userId = null, string? sessionId = null)
    {
        var probe = CreateTestProbe();
        probe.Send(hub, new SubscribeToFeed(kind, userId, sessionId));
        return probe;
    }

    private async Task<TestProbe> ReadyAsync(IActorRef hub, FeedKind kind, string userId, string sessionId = "s")
    {
        var probe = Listen(hub, kind, userId, sessionId);
        if (kind != FeedKind.UserResp)
        {
            await probe.ExpectMsgAsync<SubscribedToFeed>();
        }

        return probe;
    }
}
