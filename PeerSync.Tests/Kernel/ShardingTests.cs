using System.Collections.Concurrent;
using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class ShardingTests : TestKit.TestKit
{
    private readonly ManualTimeProvider _time;
    private readonly ConcurrentQueue<string> _ended = new();

    public ShardingTests()
        : this(new ManualTimeProvider())
    {
    }

    private ShardingTests(ManualTimeProvider time)
        : base(With(time))
    {
        _time = time;
    }

    [Fact]
    public async Task AMessageCreatesItsEntityAndReachesIt()
    {
        var region = Start();
        region.Tell(new To("a", "hello"), TestActor);
        region.Tell(new To("b", "hello"), TestActor);
        region.Tell(new To("a", "again"), TestActor);
        var answers = new[] { await ExpectMsgAsync<string>(), await ExpectMsgAsync<string>(), await ExpectMsgAsync<string>() };
        Assert.Equivalent(new[] { "a#1: hello", "b#1: hello", "a#1: again" }, answers);
        Assert.Equal(2, ClusterSharding.Get(Sys).EntityCount("room"));
        Assert.Same(region, ClusterSharding.Get(Sys).ShardRegion("room"));
    }

    [Fact]
    public async Task EntitiesAreNamedByTheirIdWhateverItHolds()
    {
        var region = Start();
        foreach (var id in new[] { "plain", "a/b c?", "ü", "$", "lone \ud800 surrogate", new string('x', 300) })
        {
            region.Tell(new To(id, "path"), TestActor);
            var path = await ExpectMsgAsync<string>();
            Assert.True(ActorPath.IsValidPathElement(path), path);
            region.Tell(new To(id, "end"), TestActor);
            await AwaitAssertAsync(() => Assert.Equal(0, ClusterSharding.Get(Sys).EntityCount("room")));
        }
    }

    [Fact]
    public async Task APassivatedEntityComesBackWithTheNextMessage()
    {
        var region = Start();
        region.Tell(new To("a", "passivate"), TestActor);
        await ExpectMsgAsync("a#1: stop");
        region.Tell(new To("a", "hello"), TestActor);
        await ExpectMsgAsync("a#2: hello");
    }

    [Fact]
    public async Task MessagesToAnEntityThatPassivatesGoToTheNextIncarnation()
    {
        var region = Start();
        region.Tell(new To("a", "passivate slowly"), TestActor);
        await ExpectMsgAsync("a#1: stop");
        var old = LastSender;

        // The old incarnation lives until it is told to end, but hears nothing that comes through the region.
        for (var i = 0; i < 20; i++)
        {
            region.Tell(new To("a", i), TestActor);
        }

        old.Tell("direct", TestActor);
        await ExpectMsgAsync("a#1: direct");
        await ExpectNoMsgAsync();
        old.Tell("end", TestActor);
        for (var i = 0; i < 20; i++)
        {
            await ExpectMsgAsync($"a#2: {i}");
        }
    }

    [Fact]
    public async Task TheBufferOfARegionIsBounded()
    {
        Sys.EventStream.Subscribe<Dropped>(TestActor);
        var region = Start(settings => settings.WithBufferSize(2));
        region.Tell(new To("a", "passivate slowly"), TestActor);
        await ExpectMsgAsync("a#1: stop");
        var old = LastSender;
        region.Tell(new To("a", 1), TestActor);
        region.Tell(new To("a", 2), TestActor);
        region.Tell(new To("a", 3), TestActor);
        Assert.Equal(3, (await ExpectMsgAsync<Dropped>()).Message);
        old.Tell("end", TestActor);
        await ExpectMsgAsync("a#2: 1");
        await ExpectMsgAsync("a#2: 2");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task NothingIsLostOrReorderedWhilePassivationRacesWithMessages()
    {
        const int Producers = 4;
        const int Count = 5_000;
        var checker = new SequenceChecker(Producers);
        var region = ClusterSharding.Get(Sys).Start(
            "racing",
            _ => Props.Create(() => new RacingEntity(checker)),
            ClusterShardingSettings.Create(Sys),
            new Extractor());

        // Threads of their own: as tasks they would hold those of the pool that the entity needs.
        var threads = Enumerable.Range(0, Producers).Select(producer => new Thread(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                // Few in flight, so that they keep meeting the moments in which the entity is on its way out.
                while (i - checker.NextOf(producer) > 10)
                {
                    Thread.Yield();
                }

                region.Tell(new To("a", new Numbered(producer, i)), ActorRefs.NoSender);
            }
        })
        { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());

        await checker.WhenAsync(Producers * Count).WaitAsync(DefaultTimeout);
        Assert.Empty(checker.Faults);
        Assert.True(checker.Incarnations > 10, $"only {checker.Incarnations} incarnations");
    }

    [Fact]
    public async Task AnEntityThatStopsByItselfIsStartedAgain()
    {
        var region = Start();
        for (var i = 1; i <= 50; i++)
        {
            region.Tell(new To("a", "hello"), TestActor);
            await ExpectMsgAsync($"a#{i}: hello");
            await WatchAsync(LastSender);
            var entity = LastSender;
            region.Tell(new To("a", "end"), TestActor);
            await FishForMessageAsync<Terminated>(terminated => terminated.ActorRef.Equals(entity));
        }
    }

    [Fact]
    public async Task AnEntityMayStayInsteadOfStopping()
    {
        var region = Start();
        region.Tell(new To("a", "passivate slowly"), TestActor);
        await ExpectMsgAsync("a#1: stop");
        for (var i = 0; i < 20; i++)
        {
            region.Tell(new To("a", i), TestActor);
        }

        LastSender.Tell("stay", TestActor);
        for (var i = 0; i < 20; i++)
        {
            await ExpectMsgAsync($"a#1: {i}");
        }

        region.Tell(new To("a", "hello"), TestActor);
        await ExpectMsgAsync("a#1: hello");
        region.Tell(new To("a", "passivate"), TestActor);
        await ExpectMsgAsync("a#1: stop");
        LastSender.Tell("end", TestActor);
        region.Tell(new To("a", "hello"), TestActor);
        await ExpectMsgAsync("a#2: hello");
    }

    [Fact]
    public async Task IdleEntitiesArePassivatedAndBusyOnesAreNot()
    {
        var region = Start(settings => settings.WithPassivateIdleAfter(TimeSpan.FromSeconds(100)));
        await _time.WaitForTimersAsync(1);
        region.Tell(new To("idle", "hello"), TestActor);
        await ExpectMsgAsync("idle#1: hello");
        for (var i = 0; i < 5; i++)
        {
            region.Tell(new To("busy", "hello"), TestActor);
            await ExpectMsgAsync("busy#1: hello");
            _time.Advance(TimeSpan.FromSeconds(25));
            await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, CancellationToken.None).WaitAsync(DefaultTimeout);
        }

        await AwaitAssertAsync(() => Assert.Equal(1, ClusterSharding.Get(Sys).EntityCount("room")));
        region.Tell(new To("busy", "hello"), TestActor);
        await ExpectMsgAsync("busy#1: hello");
        region.Tell(new To("idle", "hello"), TestActor);
        await ExpectMsgAsync("idle#2: hello");
    }

    [Fact]
    public async Task AFailingEntityIsRestartedInPlace()
    {
        var region = Start();
        region.Tell(new To("a", "fail"), TestActor);
        region.Tell(new To("a", "hello"), TestActor);
        await ExpectMsgAsync("a#2: hello");
        Assert.Equal(1, ClusterSharding.Get(Sys).EntityCount("room"));
    }

    [Fact]
    public async Task StartEntityStartsAndStatsTell()
    {
        var region = Start();
        var ack = await region.Ask<ShardRegion.StartEntityAck>(new ShardRegion.StartEntity("x"), CancellationToken.None).WaitAsync(DefaultTimeout);
        Assert.Equal("x", ack.EntityId);
        region.Tell(new ShardingEnvelope("y", "hello"), TestActor);
        await ExpectMsgAsync("y#1: hello");

        var stats = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, CancellationToken.None).WaitAsync(DefaultTimeout);
        Assert.Equal(2, stats.Stats.Values.Sum());
        Assert.True(stats.Stats.ContainsKey(ack.ShardId));
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, CancellationToken.None).WaitAsync(DefaultTimeout);
        Assert.Equal(["x", "y"], state.Shards.SelectMany(shard => shard.EntityIds).Order());
    }

    [Fact]
    public async Task AMessageForNoEntityIsADeadLetter()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var region = Start();
        region.Tell("for nobody", TestActor);
        Assert.Equal("for nobody", (await ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task TheCoordinatedShutdownEndsTheEntitiesFirst()
    {
        var region = Start();
        region.Tell(new To("a", "hello"), TestActor);
        region.Tell(new To("b", "hello"), TestActor);
        await ExpectMsgAsync<string>();
        await ExpectMsgAsync<string>();
        var whenRegionIsDown = 0;
        CoordinatedShutdown.Get(Sys).AddTask(CoordinatedShutdown.PhaseClusterLeave, "look", () =>
        {
            whenRegionIsDown = _ended.Count;
            return Task.FromResult(Done.Instance);
        });
        await CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(DefaultTimeout);
        Assert.Equal(2, whenRegionIsDown);
        Assert.True(Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void ShardIdsAreTheSameInEveryProcess()
    {
        var extractor = new Extractor();
        Assert.Equal("68", extractor.ShardId("room-1"));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.InRange(int.Parse(extractor.ShardId($"{i}")), 0, 99));
        Assert.True(Enumerable.Range(0, 1000).Select(i => extractor.ShardId($"{i}")).Distinct().Count() > 90);
    }

    [Fact]
    public async Task AFactoryThatThrowsMakesADeadLetterAndAnError()
    {
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        var errors = CreateTestProbe();
        Sys.EventStream.Subscribe<Error>(errors.Ref);
        var region = ClusterSharding.Get(Sys).Start(
            "broken",
            _ => throw new InvalidOperationException("no props"),
            ClusterShardingSettings.Create(Sys),
            new Extractor());
        region.Tell(new To("a", "hello"), TestActor);
        Assert.Equal("hello", (await ExpectMsgAsync<DeadLetter>()).Message);
        Assert.Equal("no props", (await errors.ExpectMsgAsync<Error>()).Cause!.Message);
    }

    [Fact]
    public void ARegionThatWasNotStartedIsNotFound() => Assert.Throws<ArgumentException>(() => ClusterSharding.Get(Sys).ShardRegion("none"));

    private IActorRef Start(Func<ClusterShardingSettings, ClusterShardingSettings>? configure = null)
    {
        var incarnations = new ConcurrentDictionary<string, int>();
        var settings = ClusterShardingSettings.Create(Sys);
        return ClusterSharding.Get(Sys).Start(
            "room",
            id => Props.Create(() => new Entity(id, incarnations, _ended)),
            configure?.Invoke(settings) ?? settings,
            new Extractor());
    }

    internal sealed record To(string Id, object Message);

    internal sealed record Numbered(int Producer, int Number);

    private sealed class Extractor() : HashCodeMessageExtractor(100)
    {
        public override string? EntityId(object message) => (message as To)?.Id;

        public override object? EntityMessage(object message) => (message as To)?.Message;
    }

    private sealed class Entity : UntypedActor
    {
        private readonly string _id;
        private readonly int _incarnation;
        private readonly ConcurrentQueue<string> _ended;
        private bool _slow;

        public Entity(string id, ConcurrentDictionary<string, int> incarnations, ConcurrentQueue<string> ended)
        {
            _id = id;
            _ended = ended;
            _incarnation = incarnations.AddOrUpdate(id, 1, (_, count) => count + 1);
        }

        protected override void PostStop() => _ended.Enqueue(_id);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "passivate":
                    Context.Parent.Tell(new Passivate(new Stop(Sender)));
                    break;
                case "passivate slowly":
                    _slow = true;
                    Context.Parent.Tell(new Passivate(new Stop(Sender)));
                    break;
                case Stop stop:
                    stop.Probe.Tell($"{_id}#{_incarnation}: stop");
                    if (!_slow)
                    {
                        Context.Stop(Self);
                    }

                    break;
                case "stay":
                    Context.Parent.Tell(CancelPassivation.Instance);
                    break;
                case "end":
                    Context.Stop(Self);
                    break;
                case "fail":
                    throw new InvalidOperationException("boom");
                case "path":
                    Sender.Tell(Self.Path.Name);
                    break;
                default:
                    Sender.Tell($"{_id}#{_incarnation}: {message}");
                    break;
            }
        }

        private sealed record Stop(IActorRef Probe);
    }

    /// <summary>Passivates itself again and again while it is told messages.</summary>
    private sealed class RacingEntity(SequenceChecker checker) : UntypedActor
    {
        private int _received;

        protected override void PreStart() => checker.Started();

        protected override void OnReceive(object message)
        {
            if (message is "stop")
            {
                Context.Stop(Self);
                return;
            }

            checker.Received((Numbered)message);
            if (++_received == 20)
            {
                Context.Parent.Tell(new Passivate("stop"));
            }
        }
    }

    private sealed class SequenceChecker(int producers)
    {
        private readonly Lock _gate = new();
        private readonly int[] _next = new int[producers];
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _total;
        private int _expected = int.MaxValue;

        public List<string> Faults { get; } = [];

        public int Incarnations { get; private set; }

        public int NextOf(int producer) => Volatile.Read(ref _next[producer]);

        public void Started()
        {
            lock (_gate)
            {
                Incarnations++;
            }
        }

        public void Received(Numbered numbered)
        {
            lock (_gate)
            {
                if (_next[numbered.Producer] != numbered.Number)
                {
                    Faults.Add($"expected {_next[numbered.Producer]}, received {numbered}");
                }

                _next[numbered.Producer] = numbered.Number + 1;
                if (++_total >= _expected)
                {
                    _done.TrySetResult();
                }
            }
        }

        public Task WhenAsync(int count)
        {
            lock (_gate)
            {
                _expected = count;
                if (_total >= count)
                {
                    _done.TrySetResult();
                }
            }

            return _done.Task;
        }
    }
}
