using PeerSync.Actors.Calls;
using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Calls.Matching.Tickets;

namespace PeerSync.Tests.Calls.Matching;

/// <summary>The pool as an entity; the test actor takes the part of the devices' region.</summary>
public sealed class MatchPoolActorTests : TestKit.TestKit
{
    private readonly ManualTimeProvider _time;
    private readonly MatchSettings _settings = new();
    private readonly IActorRef _pools;

    public MatchPoolActorTests()
        : this(new ManualTimeProvider())
    {
    }

    private MatchPoolActorTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
        _pools = MatchPools.Start(Sys, _settings, () => TestActor);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task BothSidesAreToldOfTheSameMatchOnceBothHaveConfirmed()
    {
        var start = Now;
        await EnqueueAsync(Of("alice", start, static join => join with { Interests = ["x", "y"] }), 1);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await EnqueueAsync(Of("bob", Now, static join => join with { Region = "europe", Interests = ["y"] }), 2);
        var toBob = await ExpectMsgAsync<MatchProposed>();
        var toAlice = await ExpectMsgAsync<MatchProposed>();
        Assert.Equal(new MatchProposed("bob", "en", 1, toBob.SessionId), toBob);
        Assert.Equal(new MatchProposed("alice", "en", 1, toBob.SessionId), toAlice);
        Assert.Equal(4, Guid.Parse(toBob.SessionId).Version);
        _pools.Tell(new ConfirmMatch("en", toBob.SessionId, "bob"), TestActor);
        _pools.Tell(new ConfirmMatch("en", toBob.SessionId, "alice"), TestActor);
        var bob = await ExpectMsgAsync<TicketMatched>();
        var alice = await ExpectMsgAsync<TicketMatched>();
        Assert.Equal(["y"], bob.CommonInterests);
        Assert.Equal(
            new TicketMatched("bob", 1, toBob.SessionId, "alice", IsFirst: true, "europe", "en", 67, bob.CommonInterests, Now, TimeSpan.Zero), bob);
        Assert.Equal(
            new TicketMatched("alice", 1, toBob.SessionId, "bob", IsFirst: false, "europe", "en", 67, bob.CommonInterests, Now, TimeSpan.FromMilliseconds(100)), alice);
    }

    [Fact]
    public async Task PoolsOfOtherLanguagesDoNotMeet()
    {
        await EnqueueAsync(Of("alice", Now), 1);
        await EnqueueAsync(Of("bob", Now, static join => join with { Language = "de" }), 1, "de");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task WhoWaitsIsToldHowItGoesOn()
    {
        await EnqueueAsync(Of("alice", Now, static join => join with { Region = "europe" }), 1);
        await EnqueueAsync(Of("bob", Now, static join => join with { Region = "asia" }), 2);
        await WaitForTimersAsync();
        _time.Advance(_settings.ProgressInterval);
        var first = await FishForMessageAsync<TicketProgress>(static _ => true);
        var second = await FishForMessageAsync<TicketProgress>(static _ => true);
        var estimate = TimeSpan.FromSeconds(6);
        Assert.Equal(new TicketProgress("alice", 1, new MatchProgress(1, 2, MatchRelaxation.Urgent, TimeSpan.FromSeconds(28), estimate)), first);
        Assert.Equal(new TicketProgress("bob", 1, new MatchProgress(2, 2, MatchRelaxation.Urgent, TimeSpan.FromSeconds(28), estimate)), second);
    }

    [Fact]
    public async Task TimeAloneOpensPairs()
    {
        await EnqueueAsync(Of("alice", Now), 1);
        await EnqueueAsync(Of("bob", Now, static join => join with { QueueType = QueueType.Gaming }), 2);
        await WaitForTimersAsync();
        IgnoreMessages(static message => message is TicketProgress);
        _time.Advance(TimeSpan.FromSeconds(30.5));
        Assert.Equal("bob", (await ExpectMsgAsync<MatchProposed>()).DeviceId);
        Assert.Equal("alice", (await ExpectMsgAsync<MatchProposed>()).DeviceId);
    }

    [Fact]
    public async Task WhoConfirmedWaitsOnWhenTheOtherDoesNot()
    {
        await EnqueueAsync(Of("alice", Now), 1);
        await EnqueueAsync(Of("bob", Now), 2);
        var match = await ExpectMsgAsync<MatchProposed>();
        await ExpectMsgAsync<MatchProposed>();
        _pools.Tell(new ConfirmMatch("en", match.SessionId, "alice"), TestActor);
        await EnqueueAsync(Of("eve", Now, blocked: ["alice"]), 1);
        await WaitForTimersAsync();
        IgnoreMessages(static message => message is TicketProgress);
        _time.Advance(_settings.ConfirmWithin);
        await ExpectMsgAsync(new TicketDropped("bob", 1));
        await ExpectMsgAsync(new MatchLost("alice", 1, match.SessionId));
    }

    [Fact]
    public async Task AWithdrawnTicketIsNeverMatchedAndABlockHolds()
    {
        await EnqueueAsync(Of("alice", Now), 1);
        _pools.Tell(new WithdrawTicket("en", "alice", 1), TestActor);
        await EnqueueAsync(Of("bob", Now), 1);
        _pools.Tell(new BlockAdded("en", "bob", "carol"), TestActor);
        await EnqueueAsync(Of("carol", Now), 2);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AnEmptyPoolEndsAndAUsedOneDoesNot()
    {
        await EnqueueAsync(Of("alice", Now), 1);
        await WaitForTimersAsync();
        IgnoreMessages(static message => message is TicketProgress);
        _time.Advance(_settings.KeptEmptyFor * 2);
        Assert.Equal(1, ClusterSharding.Get(Sys).EntityCount("match-pool"));
        _pools.Tell(new WithdrawTicket("en", "alice", 1), TestActor);
        await EnqueueAsync(Of("bob", Now), 1);
        _pools.Tell(new WithdrawTicket("en", "bob", 1), TestActor);
        await AwaitAssertAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(0, ClusterSharding.Get(Sys).EntityCount("match-pool"));
        });
        await EnqueueAsync(Of("carol", Now), 1);
    }

    private async Task EnqueueAsync(Ticket ticket, int size, string pool = "en")
    {
        _pools.Tell(new EnqueueTicket(pool, ticket), TestActor);
        var queued = await ExpectMsgAsync<TicketQueued>();
        Assert.Equal(new TicketQueued(ticket.DeviceId, ticket.TicketId, EnqueueOutcome.Added, ticket.QueuedAt, size, size), queued);
    }

    // The pool's two: they are started before it takes its first message.
    private Task WaitForTimersAsync() => _time.WaitForTimersAsync(2);
}
