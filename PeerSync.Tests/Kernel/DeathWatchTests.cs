using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class DeathWatchTests : TestKit.TestKit
{
    [Fact]
    public async Task TerminatedComesExactlyOnce()
    {
        var actor = Sys.ActorOf<Idle>();
        await WatchAsync(actor);
        await WatchAsync(actor);
        Sys.Stop(actor);
        Sys.Stop(actor);
        actor.Tell(PoisonPill.Instance);
        Assert.True((await ExpectTerminatedAsync(actor)).ExistenceConfirmed);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task EachOfManyWatchersHearsExactlyOnce()
    {
        var actor = Sys.ActorOf<Idle>();
        var watchers = Enumerable.Range(0, 20).Select(_ => CreateTestProbe()).ToArray();
        foreach (var watcher in watchers)
        {
            await watcher.WatchAsync(actor);
        }

        Sys.Stop(actor);
        foreach (var watcher in watchers)
        {
            await watcher.ExpectTerminatedAsync(actor);
        }

        await watchers[0].ExpectNoMsgAsync();
    }

    [Fact]
    public async Task WatchingAStoppedActorSaysSoAtOnce()
    {
        var actor = Sys.ActorOf<Idle>();
        await actor.GracefulStop(DefaultTimeout);
        await WatchAsync(actor);
        Assert.False((await ExpectTerminatedAsync(actor)).ExistenceConfirmed);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AWatchThatRacesWithTheEndHearsExactlyOnce()
    {
        for (var i = 0; i < 500; i++)
        {
            var actor = Sys.ActorOf<Idle>();
            Sys.Stop(actor);
            await WatchAsync(actor);
            await ExpectTerminatedAsync(actor);
        }

        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AParentThatWatchesItsChildHearsExactlyOnce()
    {
        var parent = Sys.ActorOf(Props.Create(() => new WatchingParent(TestActor)));
        var child = await parent.Ask<IActorRef>("child", DefaultTimeout);
        Sys.Stop(child);
        await ExpectMsgAsync($"ended {child.Path.Name}");
        Sys.Stop(await parent.Ask<IActorRef>("child", DefaultTimeout));
        await ExpectMsgAsync($"ended {child.Path.Name}");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task UnwatchTakesTheWatchBack()
    {
        var actor = Sys.ActorOf<Idle>();
        await WatchAsync(actor);
        await UnwatchAsync(actor);
        await actor.GracefulStop(DefaultTimeout);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task UnwatchDropsATerminatedThatIsQueued()
    {
        var gate = new SemaphoreSlim(0);
        var entered = new SemaphoreSlim(0);
        var subject = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new Unwatcher(subject, entered, gate, TestActor)));
        watcher.Tell("block");
        Assert.True(await entered.WaitAsync(DefaultTimeout));
        Assert.True(await subject.GracefulStop(DefaultTimeout));
        watcher.Tell("unwatch");
        watcher.Tell("end");
        gate.Release();
        await ExpectMsgAsync("unwatched");
        await ExpectMsgAsync("end");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task WatchWithTellsTheMessageInstead()
    {
        var actor = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new WatcherWith(actor, TestActor)));
        Assert.Equal("ready", await watcher.Ask<string>("ready?", DefaultTimeout));
        Sys.Stop(actor);
        await ExpectMsgAsync("it is gone");
    }

    [Fact]
    public async Task AnUnhandledTerminatedBreaksTheDeathPact()
    {
        var subject = Sys.ActorOf<Idle>();
        var watcher = Sys.ActorOf(Props.Create(() => new Pact(subject)));
        Assert.Equal("ready", await watcher.Ask<string>("ready?", DefaultTimeout));
        await WatchAsync(watcher);
        Sys.Stop(subject);
        await ExpectTerminatedAsync(watcher);
    }

    [Fact]
    public async Task NobodyAndTheDeadLettersHaveAlwaysBeenDead()
    {
        await WatchAsync(ActorRefs.Nobody);
        await ExpectTerminatedAsync(ActorRefs.Nobody);
        await WatchAsync(Sys.DeadLetters);
        await ExpectTerminatedAsync(Sys.DeadLetters);
    }

    private sealed class Idle : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class WatchingParent(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Terminated terminated)
            {
                probe.Tell($"ended {terminated.ActorRef.Path.Name}");
            }
            else
            {
                Sender.Tell(Context.Watch(Context.ActorOf<Idle>("child")));
            }
        }
    }

    private sealed class Unwatcher(IActorRef subject, SemaphoreSlim entered, SemaphoreSlim gate, IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(subject);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "block":
                    entered.Release();
                    gate.Wait();
                    break;
                case "unwatch":
                    Context.Unwatch(subject);
                    probe.Tell("unwatched");
                    break;
                default:
                    probe.Tell(message);
                    break;
            }
        }
    }

    private sealed class WatcherWith(IActorRef subject, IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => Context.WatchWith(subject, "it is gone");

        protected override void OnReceive(object message)
        {
            if (message is "ready?")
            {
                Sender.Tell("ready");
            }
            else
            {
                probe.Tell(message);
            }
        }
    }

    private sealed class Pact(IActorRef subject) : UntypedActor
    {
        protected override void PreStart() => Context.Watch(subject);

        protected override void OnReceive(object message)
        {
            if (message is "ready?")
            {
                Sender.Tell("ready");
            }
            else
            {
                Unhandled(message);
            }
        }
    }
}
