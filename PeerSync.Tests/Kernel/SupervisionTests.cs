using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class SupervisionTests : TestKit.TestKit
{
    [Fact]
    public async Task ARestartKeepsTheMailbox()
    {
        var gate = new SemaphoreSlim(0);
        var child = await ChildOf(new OneForOneStrategy(_ => Directive.Restart), Props.Create(() => new Worker(TestActor, gate)));
        child.Tell(new Worker.Fail("boom", Wait: true));
        for (var i = 0; i < 50; i++)
        {
            child.Tell(i);
        }

        gate.Release();

        await ExpectMsgAsync("restarting after boom");
        for (var i = 0; i < 50; i++)
        {
            await ExpectMsgAsync(i);
        }
    }

    [Fact]
    public async Task ARestartMakesANewInstanceAndPassesReasonAndMessage()
    {
        var child = await ChildOf(new OneForOneStrategy(_ => Directive.Restart), Props.Create(() => new Recorder(TestActor)));
        await ExpectMsgAsync("PreStart 0");
        child.Tell("count");
        await ExpectMsgAsync(1);
        child.Tell("fail");
        await ExpectMsgAsync("PreRestart boom fail");
        await ExpectMsgAsync("PostStop");
        await ExpectMsgAsync("PostRestart boom");
        await ExpectMsgAsync("PreStart 0");
        child.Tell("count");
        await ExpectMsgAsync(1);
    }

    [Fact]
    public async Task ResumeKeepsTheState()
    {
        var child = await ChildOf(new OneForOneStrategy(_ => Directive.Resume), Props.Create(() => new Recorder(TestActor)));
        await ExpectMsgAsync("PreStart 0");
        child.Tell("count");
        await ExpectMsgAsync(1);
        child.Tell("fail");
        child.Tell("count");
        await ExpectMsgAsync(2);
    }

    [Fact]
    public async Task StopStopsTheChildOnly()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Stop))));
        var failing = await parent.Ask<IActorRef>(Props.Create(() => new Worker(TestActor, null)), DefaultTimeout);
        var sibling = await parent.Ask<IActorRef>(Props.Create(() => new Worker(TestActor, null)), DefaultTimeout);
        await WatchAsync(failing);
        failing.Tell(new Worker.Fail("boom"));
        await ExpectTerminatedAsync(failing);
        sibling.Tell("alive");
        await ExpectMsgAsync("alive");
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    [InlineData(Directive.Stop)]
    public async Task AFailingChildNeverTakesItsSiblings(Directive directive)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => directive))));
        var failing = await parent.Ask<IActorRef>(Props.Create(() => new Worker(ActorRefs.Nobody, null)), DefaultTimeout);
        var siblings = new List<IActorRef>();
        for (var i = 0; i < 20; i++)
        {
            siblings.Add(await parent.Ask<IActorRef>(Props.Create(() => new Recorder(TestActor)), DefaultTimeout));
            await ExpectMsgAsync("PreStart 0");
            siblings[i].Tell("count");
            await ExpectMsgAsync(1);
        }

        for (var i = 0; i < 100; i++)
        {
            failing.Tell(new Worker.Fail("boom"));
        }

        foreach (var sibling in siblings)
        {
            sibling.Tell("count");
            await ExpectMsgAsync(2);
        }
    }

    [Fact]
    public async Task AllForOneRestartsTheSiblings()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(new AllForOneStrategy(_ => Directive.Restart))));
        var first = CreateTestProbe();
        var second = CreateTestProbe();
        var failing = await parent.Ask<IActorRef>(Props.Create(() => new Recorder(first.Ref)), DefaultTimeout);
        var sibling = await parent.Ask<IActorRef>(Props.Create(() => new Recorder(second.Ref)), DefaultTimeout);
        await first.ExpectMsgAsync("PreStart 0");
        await second.ExpectMsgAsync("PreStart 0");

        failing.Tell("fail");

        foreach (var (probe, message) in new[] { (first, "fail"), (second, "") })
        {
            await probe.ExpectMsgAsync($"PreRestart boom {message}");
            await probe.ExpectMsgAsync("PostStop");
            await probe.ExpectMsgAsync("PostRestart boom");
            await probe.ExpectMsgAsync("PreStart 0");
        }

        sibling.Tell("count");
        await second.ExpectMsgAsync(1);
    }

    [Fact]
    public async Task TooManyRestartsWithinTheTimeStopTheChild()
    {
        var time = new ManualTimeProvider();
        var system = ActorSystem.Create("retries", With(time));
        var probe = new Probe(system);
        var strategy = new OneForOneStrategy(2, TimeSpan.FromSeconds(10), _ => Directive.Restart);
        var parent = system.ActorOf(Props.Create(() => new Parent(strategy)));
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Recorder(probe.Ref)), CancellationToken.None).WaitAsync(DefaultTimeout);
        await probe.Kit.ExpectMsgAsync("PreStart 0");
        await probe.Kit.WatchAsync(child);

        await FailAndRestart();
        await FailAndRestart();
        time.Advance(TimeSpan.FromSeconds(11));
        await FailAndRestart();
        await FailAndRestart();
        child.Tell("fail");
        await probe.Kit.ExpectMsgAsync("PostStop");
        await probe.Kit.ExpectTerminatedAsync(child);
        await system.Terminate().WaitAsync(DefaultTimeout);

        async Task FailAndRestart()
        {
            child.Tell("fail");
            await probe.Kit.FishForMessageAsync<string>(message => message == "PreStart 0");
        }
    }

    [Fact]
    public async Task AnEscalatedFailureIsTheParentsOwn()
    {
        var grandparent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Restart))));
        var parent = await grandparent.Ask<IActorRef>(
            Props.Create(() => new ReportingParent(TestActor, new OneForOneStrategy(_ => Directive.Escalate))),
            DefaultTimeout);
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Worker(ActorRefs.Nobody, null)), DefaultTimeout);
        await WatchAsync(child);

        child.Tell(new Worker.Fail("deep"));

        var messages = new[] { await ReceiveOneAsync(), await ReceiveOneAsync() };
        Assert.Contains("parent restarts: deep", messages);
        Assert.Contains(messages, message => message is Terminated terminated && terminated.ActorRef.Equals(child));
    }

    [Fact]
    public async Task AnEscalatedFailureThatIsResumedResumesTheChild()
    {
        var grandparent = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Resume))));
        var parent = await grandparent.Ask<IActorRef>(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Escalate))), DefaultTimeout);
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Recorder(TestActor)), DefaultTimeout);
        var sibling = await parent.Ask<IActorRef>(Props.Create(() => new Worker(TestActor, null)), DefaultTimeout);
        await ExpectMsgAsync("PreStart 0");
        child.Tell("count");
        await ExpectMsgAsync(1);
        child.Tell("fail");
        child.Tell("count");
        await ExpectMsgAsync(2);
        sibling.Tell("alive");
        await ExpectMsgAsync("alive");
    }

    [Fact]
    public async Task AnActorThatCannotStartIsStopped()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        var child = Sys.ActorOf(Props.Create(() => new Unstartable()));
        var error = await ExpectMsgAsync<Error>();
        Assert.Equal("no start", error.Cause!.Message);
        await WatchAsync(child);
        await ExpectTerminatedAsync(child);
    }

    [Fact]
    public async Task KillFailsTheActorAndStopsItByDefault()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor, null)));
        await WatchAsync(actor);
        actor.Tell(Kill.Instance);
        await ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task ARestartStopsTheChildrenFirst()
    {
        var top = Sys.ActorOf(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Restart))));
        var parent = await top.Ask<IActorRef>(Props.Create(() => new Parent(new OneForOneStrategy(_ => Directive.Restart))), DefaultTimeout);
        var children = new List<IActorRef>();
        for (var i = 0; i < 10; i++)
        {
            children.Add(await parent.Ask<IActorRef>(Props.Create(() => new Recorder(TestActor)), DefaultTimeout));
            await ExpectMsgAsync("PreStart 0");
        }

        parent.Tell(new InvalidOperationException("boom"));
        for (var i = 0; i < 10; i++)
        {
            await ExpectMsgAsync("PostStop");
        }

        // Names are free again for the new instance, and it works.
        var child = await parent.Ask<IActorRef>(Props.Create(() => new Recorder(TestActor)), DefaultTimeout);
        await ExpectMsgAsync("PreStart 0");
        Assert.DoesNotContain(child, children);
    }

    [Fact]
    public async Task AParentStopsAfterItsChildren()
    {
        var parent = Sys.ActorOf(Props.Create(() => new ReportingParent(TestActor, SupervisorStrategy.DefaultStrategy)));
        await parent.Ask<IActorRef>(Props.Create(() => new Recorder(TestActor)), DefaultTimeout);
        await ExpectMsgAsync("PreStart 0");
        Sys.Stop(parent);
        await ExpectMsgAsync("PostStop");
        await ExpectMsgAsync("parent stopped");
    }

    [Fact]
    public async Task AFailureInPostStopDoesNotKeepTheActor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadEnd()));
        await WatchAsync(actor);
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor);
    }

    private async Task<IActorRef> ChildOf(SupervisorStrategy strategy, Props props)
    {
        var parent = Sys.ActorOf(Props.Create(() => new Parent(strategy)));
        return await parent.Ask<IActorRef>(props, DefaultTimeout);
    }

    private sealed class Probe(ActorSystem system)
    {
        public ProbeKit Kit { get; } = new(system);

        public IActorRef Ref => Kit.TestActor;
    }

    private sealed class ProbeKit(ActorSystem system) : TestKitBase(system, name: null);

    private class Parent(SupervisorStrategy strategy) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Props props:
                    Sender.Tell(Context.ActorOf(props));
                    break;
                case Exception exception:
                    throw exception;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }

    private sealed class ReportingParent(IActorRef probe, SupervisorStrategy strategy) : Parent(strategy)
    {
        protected override void PreRestart(Exception reason, object message)
        {
            probe.Tell($"parent restarts: {reason.Message}");
            foreach (var child in Context.GetChildren())
            {
                Context.Stop(child);
            }
        }

        protected override void PostStop() => probe.Tell("parent stopped");
    }

    private sealed class Worker(IActorRef probe, SemaphoreSlim? gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Fail fail)
            {
                if (fail.Wait)
                {
                    gate!.Wait();
                }

                throw new InvalidOperationException(fail.Why);
            }

            probe.Tell(message);
        }

        protected override void PreRestart(Exception reason, object message)
        {
            probe.Tell($"restarting after {reason.Message}");
            base.PreRestart(reason, message);
        }

        internal sealed record Fail(string Why, bool Wait = false);
    }

    private sealed class Recorder(IActorRef probe) : UntypedActor
    {
        private int _count;

        protected override void PreStart() => probe.Tell($"PreStart {_count}");

        protected override void PostStop() => probe.Tell("PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            probe.Tell($"PreRestart {reason.Message} {message}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            probe.Tell($"PostRestart {reason.Message}");
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail")
            {
                throw new InvalidOperationException("boom");
            }

            probe.Tell(++_count);
        }
    }

    private sealed class Unstartable : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no start");

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class BadEnd : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => throw new InvalidOperationException("bad end");
    }
}
