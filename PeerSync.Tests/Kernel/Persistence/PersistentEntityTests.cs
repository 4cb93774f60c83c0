using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class PersistentEntityTests : PersistenceTestKit
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task AnEntityThatPassivatesAfterSilenceComesBackWithItsState()
    {
        var region = Start();
        await TellAsync(region, "one");
        var entity = LastSender;
        await WatchAsync(entity);
        Time.Advance(Idle);
        await ExpectTerminatedAsync(entity);
        await TellAsync(region, "two");
        Assert.NotEqual(entity, LastSender);
        Assert.Equal(["one", "two"], Journal.PayloadsOf("a"));
        Assert.Equal([1L, 2L], Journal.EventsOf("a").Select(e => e.SequenceNr));
    }

    [Fact]
    public async Task WhatComesDuringPassivationIsHandledByTheNextIncarnationAfterItHasRecovered()
    {
        var region = Start();
        await TellAsync(region, "one");
        var entity = LastSender;
        await WatchAsync(entity);
        var gate = new TaskCompletionSource();
        Journal.OnReplay = (_, _, _) => gate.Task;
        Time.Advance(Idle);
        for (var i = 0; i < 20; i++)
        {
            region.Tell(new ShardingEnvelope("a", i), TestActor);
        }

        // Some may still have come before the stop.
        gate.SetResult();
        var received = new List<object>();
        while (received.Count < 21)
        {
            received.Add(await ReceiveOneAsync());
        }

        Assert.Equal(Enumerable.Range(0, 20).Cast<object>(), received.Where(message => message is int));
        Assert.Equal(Enumerable.Range(0, 20).Cast<object>().Prepend("one"), Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task AnEntityThatMeetsAConflictRecoversAtTheNextMessage()
    {
        var region = Start();
        await TellAsync(region, "one");
        Journal.Add(ScriptedJournal.Event("a", 2, "from elsewhere"));
        await WatchAsync(LastSender);
        region.Tell(new ShardingEnvelope("a", "refused"), TestActor);
        await ExpectMsgAsync<Terminated>();
        await TellAsync(region, "two");
        Assert.Equal(["one", "from elsewhere", "two"], Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task AWriteInProgressIsNoSilence()
    {
        Journal.HoldsWrites = true;
        var region = Start();
        region.Tell(new ShardingEnvelope("a", "one"), TestActor);
        var write = await Journal.NextWriteAsync();
        Time.Advance(Idle / 2);
        write.Complete();
        await ExpectMsgAsync("one");
        await WatchAsync(LastSender);
        Time.Advance(Idle * 3 / 4);
        await ExpectNoMsgAsync();
        Time.Advance(Idle);
        await ExpectMsgAsync<Terminated>();
    }

    private IActorRef Start() => ClusterSharding.Get(Sys).Start(
        "entities",
        id => Props.Create(() => new Entity(id)),
        ClusterShardingSettings.Create(Sys).WithPassivateIdleAfter(TimeSpan.Zero),
        HashCodeMessageExtractor.Create(10, _ => null!));

    private async Task TellAsync(IActorRef region, object e)
    {
        region.Tell(new ShardingEnvelope("a", e), TestActor);
        await ExpectMsgAsync(e);
    }

    private sealed class Entity : UntypedPersistentActor
    {
        public Entity(string id)
        {
            PersistenceId = id;
            SetReceiveTimeout(Idle);
        }

        public override string PersistenceId { get; }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case ReceiveTimeout:
                    Context.Parent.Tell(new Passivate("stop"));
                    break;
                case "stop":
                    Context.Stop(Self);
                    break;
                default:
                    Persist(message, e => Sender.Tell(e, Self));
                    break;
            }
        }

        protected override void OnRecover(object message)
        {
        }
    }
}
