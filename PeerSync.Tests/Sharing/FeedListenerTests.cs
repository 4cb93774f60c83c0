using System.Globalization;
using System.Text.Json;
using PeerSync.Actors.Connections;
using PeerSync.Actors.Sharing;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

/// <summary>The listeners' actors on the feed's actor, with the client's end of their connections in the test's hand.</summary>
public sealed class FeedListenerTests : TestKit.TestKit, IAsyncLifetime
{
    private readonly ManualTimeProvider _time;
    private readonly MemoryFeed _feed = new();
    private readonly KnownIdentities _identities;
    private readonly FeedServices _services;

    public FeedListenerTests()
        : this(new ManualTimeProvider())
    {
    }

    private FeedListenerTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
        _identities = new KnownIdentities(time);
        var counters = new FeedCounters();
        var options = new FeedOptions { Page = 3, MaxConnectionsPerUser = 2 };
        _services = new FeedServices(SharingFeedHub.Start(Sys, _feed, options, counters).Actor, _feed, _identities, options, counters, time);
    }

    // Only then is what was published before a client came nothing that it is told of.
    public async ValueTask InitializeAsync() => await _services.Hub.Ask<FeedState>(AwaitFeedStart.Instance, DefaultTimeout);

    [Fact]
    public async Task AClientThatComesBackGetsWhatItMissedOnceAndInOrder()
    {
        for (var i = 0; i < 10; i++)
        {
            Publish("alice");
            Publish("bob");
        }

        var alice = Socket();
        alice.Say("""{"event":"auth","payload":{"token":"alice/s","after":3}}""");
        for (var id = 5; id < 20; id += 2)
        {
            Assert.Equal(id, IdOf(await alice.NextAsync()));
        }

        Assert.Equal("""{"event":"feed:ready","payload":{"cursor":20}}""", await alice.NextAsync());
        Assert.Equal("""{"event":"presence:snapshot","payload":{"online":[]}}""", await alice.NextAsync());
        Publish("bob");
        Publish("alice");
        Assert.Equal(22, IdOf(await alice.NextAsync()));
    }

    [Fact]
    public async Task ANewClientBeginsWithWhatComes()
    {
        Publish("alice");
        var alice = Socket();
        alice.Say("""{"event":"auth","payload":{"token":"alice/s"}}""");
        Assert.Equal("""{"event":"feed:ready","payload":{"cursor":1}}""", await alice.NextAsync());
        await alice.NextAsync();
        alice.Say("""{"event":"something","payload":{}}""");
        alice.Say("""{"event":"ping"}""");
        Assert.Equal("""{"event":"pong","payload":{}}""", await alice.NextAsync());
    }

    [Fact]
    public async Task AnUnknownCursorIsReset()
    {
        Publish("alice");
        var alice = Socket();
        alice.Say("""{"event":"auth","payload":{"token":"alice/s","after":99}}""");
        Assert.Equal("""{"event":"feed:reset","payload":{"cursor":1}}""", await alice.NextAsync());
        Assert.Equal("""{"event":"feed:ready","payload":{"cursor":1}}""", await alice.NextAsync());
        Assert.Equal(1, _services.Counters.Resets);
    }

    [Theory]
    [InlineData("""{"event":"auth","payload":{"token":"x"}}""", 4001)]
    [InlineData("""{"event":"auth","payload":{}}""", 4001)]
    [InlineData("""{"event":"ping"}""", 4001)]
    [InlineData("nonsense", 4000)]
    public async Task WhoDoesNotSayWhoItIsIsClosed(string message, int code)
    {
        var alice = Socket();
        alice.Say(message);
        Assert.Equal(code, (await alice.ClosedAsync()).Code);
        alice.ExpectNothing();
    }

    [Fact]
    public async Task ASilentClientIsClosed()
    {
        var alice = Socket();
        alice.Actor.Tell(AuthenticationTimedOut.Instance, ActorRefs.NoSender);
        Assert.Equal((4008, "timeout"), await alice.ClosedAsync());
    }

    [Fact]
    public async Task ATokenEndsAndCanBeReplacedBefore()
    {
        _identities.Lifetime = TimeSpan.FromMinutes(2);
        var alice = await ReadyAsync("alice/s1");
        Assert.Equal(TimeSpan.FromMinutes(2), alice.Deadline);
        _time.Advance(TimeSpan.FromMinutes(1));
        alice.Say("""{"event":"auth","payload":{"token":"alice/s1"}}""");
        Assert.Equal("""{"event":"auth:ok","payload":{}}""", await alice.NextAsync());
        _time.Advance(TimeSpan.FromMinutes(1.5));
        alice.Actor.Tell(IdentityExpired.Instance, ActorRefs.NoSender);
        alice.Say("""{"event":"ping"}""");
        await alice.NextAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        alice.Actor.Tell(IdentityExpired.Instance, ActorRefs.NoSender);
        Assert.Equal((4001, "unauthorized"), await alice.ClosedAsync());
    }

    [Fact]
    public async Task ASocketKeepsItsUser()
    {
        var alice = await ReadyAsync("alice/s1");
        alice.Say("""{"event":"auth","payload":{"token":"bob/s1"}}""");
        Assert.Equal((4001, "unauthorized"), await alice.ClosedAsync());
    }

    [Fact]
    public async Task ASessionThatEndsClosesItsConnections()
    {
        var first = await ReadyAsync("alice/s1");
        var second = await ReadyAsync("alice/s2");
        new SharingFeedHub(_services.Hub).SessionEnded("alice", "s1");
        Assert.Equal((4003, "session ended"), await first.ClosedAsync());
        Publish("alice");
        Assert.Equal(1, IdOf(await second.NextAsync()));
        first.ExpectNothing();

        // On another node nobody tells; it is found out at the next look.
        _identities.End("alice/s2");
        second.Actor.Tell(IdentityExpired.Instance, ActorRefs.NoSender);
        Assert.Equal((4003, "session ended"), await second.ClosedAsync());
    }

    [Fact]
    public async Task ASessionThatEndedWhileItWasVerifiedIsClosed()
    {
        var alice = new FeedConnectionProbe();
        var identity = (await _identities.VerifyAsync("alice/s", CancellationToken.None))!;
        _identities.End("alice/s");
        alice.Actor = Sys.ActorOf(Props.Create(() => new ResumingListenerActor(alice, _services, identity, "alice/s", null)));
        alice.Actor.Tell(BeginListening.Instance, ActorRefs.NoSender);
        Assert.Equal((4003, "session ended"), await alice.ClosedAsync());
    }

    [Fact]
    public async Task TooManyConnectionsOfAUserAreRefused()
    {
        await ReadyAsync("alice/s");
        await ReadyAsync("alice/s");
        var third = Socket();
        third.Say("""{"event":"auth","payload":{"token":"alice/s"}}""");
        Assert.Equal((4029, "too many connections"), await third.ClosedAsync());
    }

    [Fact]
    public async Task AfterAFaultOfTheFeedNothingIsLostOrRepeated()
    {
        var alice = await ReadyAsync("alice/s");
        Publish("alice");
        Assert.Equal(1, IdOf(await alice.NextAsync()));
        _services.Hub.Tell(_feed.Add("alice") with { Audience = null! }, ActorRefs.NoSender);
        Publish("alice");
        Assert.Equal(2, IdOf(await alice.NextAsync()));
        Assert.Equal(3, IdOf(await alice.NextAsync()));
        Assert.Equal("""{"event":"presence:snapshot","payload":{"online":[]}}""", await alice.NextAsync());
        Publish("alice");
        Assert.Equal(4, IdOf(await alice.NextAsync()));
    }

    [Fact]
    public async Task ServerSentEventsCarryTheCursorAndTheirOwnEnd()
    {
        Publish("alice");
        var alice = new FeedConnectionProbe();
        var identity = (await _identities.VerifyAsync("alice/s", CancellationToken.None))!;
        alice.Actor = Sys.ActorOf(Props.Create(() => new ResumingListenerActor(alice, _services, identity, "alice/s", 0)));
        alice.Actor.Tell(BeginListening.Instance, ActorRefs.NoSender);
        Assert.Equal("id: 1\ndata: {\"event\":\"test\",\"payload\":{\"n\":1},\"id\":1}\n\n", await alice.NextAsync());
        Assert.Equal("id: 1\ndata: {\"event\":\"feed:ready\",\"payload\":{\"cursor\":1}}\n\n", await alice.NextAsync());
        Assert.Equal("data: {\"event\":\"presence:snapshot\",\"payload\":{\"online\":[]}}\n\n", await alice.NextAsync());
        new SharingFeedHub(_services.Hub).SessionEnded("alice", null);
        Assert.Equal("data: {\"event\":\"feed:closed\",\"payload\":{\"code\":4003,\"reason\":\"session ended\"}}\n\n", await alice.NextAsync());
    }

    [Fact]
    public async Task ASubscriptionOfRedisAnswersBeforeItTells()
    {
        var client = new FeedConnectionProbe();
        client.Actor = Sys.ActorOf(Props.Create(() => new RespListenerActor(client, _services, null, null)));
        await client.Actor.Ask<Done>(new BeginRespSubscription(MessageBuffer.Copy("answer"u8)), DefaultTimeout);
        Publish("alice");
        Assert.Equal("answer", await client.NextAsync());
        Assert.StartsWith("*3", await client.NextAsync(), StringComparison.Ordinal);
        await WatchAsync(client.Actor);
        await client.Actor.Ask<Done>(new EndRespSubscription(MessageBuffer.Copy("end"u8)), DefaultTimeout);
        Publish("alice");
        Assert.Equal("end", await client.NextAsync());
        await ExpectTerminatedAsync(client.Actor);
        await _services.Hub.Ask<FeedState>(GetFeedState.Instance, DefaultTimeout);
        client.ExpectNothing();
        Assert.Equal(0, _services.Counters.Subscribers(FeedKind.SharedResp));
    }

    private static long IdOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.True(document.RootElement.TryGetProperty("id", out var id), json);
        Assert.Equal(id.GetInt64().ToString(CultureInfo.InvariantCulture), document.RootElement.GetProperty("payload").GetProperty("n").ToString());
        return id.GetInt64();
    }

    private void Publish(string userId) => _services.Hub.Tell(_feed.Add(userId), ActorRefs.NoSender);

    private FeedConnectionProbe Socket()
    {
        var connection = new FeedConnectionProbe();
        connection.Actor = Sys.ActorOf(Props.Create(() => new ResumingListenerActor(connection, _services)));
        return connection;
    }

    private async Task<FeedConnectionProbe> ReadyAsync(string token)
    {
        var socket = Socket();
        socket.Say($$$"""{"event":"auth","payload":{"token":"{{{token}}}"}}""");
        Assert.Contains("feed:ready", await socket.NextAsync(), StringComparison.Ordinal);
        Assert.Contains("presence:snapshot", await socket.NextAsync(), StringComparison.Ordinal);
        return socket;
    }
}
