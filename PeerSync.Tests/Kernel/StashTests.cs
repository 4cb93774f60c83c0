using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class StashTests : TestKit.TestKit
{
    [Fact]
    public async Task UnstashedMessagesComeFirstAndInOrderWithTheirSenders()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(TestActor)));
        var probe = CreateTestProbe();
        var gate = new SemaphoreSlim(0);
        probe.Send(actor, 1);
        probe.Send(actor, 2);
        actor.Tell(gate);
        actor.Tell("open");
        actor.Tell(3);
        gate.Release();
        await ExpectMsgAsync<object>(((object)1, probe.Ref));
        await ExpectMsgAsync<object>(((object)2, probe.Ref));
        await ExpectMsgAsync<object>(((object)3, Sys.DeadLetters));
    }

    [Fact]
    public async Task UnstashTakesTheOldestOnly()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(TestActor)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("one");
        await ExpectMsgAsync<object>(((object)1, Sys.DeadLetters));
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AFullStashFailsTheActor()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(ActorRefs.Nobody)).WithStashCapacity(2));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(3);
        Assert.IsType<StashOverflowException>((await ExpectMsgAsync<Error>()).Cause);
    }

    [Fact]
    public async Task TheSameMessageCannotBeStashedTwiceButEqualOnesCan()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(TestActor)));
        var same = new object();
        actor.Tell(same);
        actor.Tell(same);
        actor.Tell("open");
        await ExpectMsgAsync<object>(((object)same, Sys.DeadLetters));
        await ExpectMsgAsync<object>(((object)same, Sys.DeadLetters));
        actor.Tell("twice");
        Assert.IsType<IllegalActorStateException>((await ExpectMsgAsync<Error>()).Cause);
    }

    [Fact]
    public async Task ARestartPutsTheStashBackIntoTheMailbox()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(TestActor)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("fail");
        actor.Tell("open");
        await ExpectMsgAsync<object>(((object)1, Sys.DeadLetters));
        await ExpectMsgAsync<object>(((object)2, Sys.DeadLetters));
    }

    [Fact]
    public async Task WhatIsStashedAtTheEndBecomesDeadLetters()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(TestActor)));
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        actor.Tell(1);
        actor.Tell(PoisonPill.Instance);
        Assert.Equal(1, (await ExpectMsgAsync<DeadLetter>()).Message);
    }

    private sealed class Waiter(IActorRef probe) : UntypedActor, IWithStash
    {
        private bool _open;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case SemaphoreSlim gate:
                    gate.Wait();
                    break;
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "one":
                    _open = true;
                    Stash.Unstash();
                    break;
                case "fail":
                    throw new InvalidOperationException("boom");
                case "twice":
                    Stash.Stash();
                    Stash.Stash();
                    break;
                default:
                    if (_open)
                    {
                        probe.Tell((message, Sender));
                    }
                    else
                    {
                        Stash.Stash();
                    }

                    break;
            }
        }
    }
}
