using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class ActorSystemTests : TestKit.TestKit
{
    private const int Many = 100_000;

    [Fact]
    public async Task AHundredThousandActorsStartAndStop()
    {
        var started = new CountingActor.Counter();
        var parent = Sys.ActorOf(Props.Create(() => new Nursery(started)));
        parent.Tell(Many);
        await AwaitAssertAsync(() => Assert.Equal(Many, started.Value));
        await WatchAsync(parent);
        Sys.Stop(parent);
        await ExpectTerminatedAsync(parent);
    }

    [Fact]
    public async Task AHundredThousandActorsLeaveNothingBehindWhenEachIsStopped()
    {
        var stopped = new CountingActor.Counter();
        var actors = new IActorRef[Many];
        for (var i = 0; i < actors.Length; i++)
        {
            actors[i] = Sys.ActorOf(Props.CreateBy(new LifeProducer(stopped)));
        }

        foreach (var actor in actors)
        {
            Sys.Stop(actor);
        }

        await AwaitAssertAsync(() => Assert.Equal(Many, stopped.Value));
    }

    [Fact]
    public async Task NamesAreUniqueAndFreeAgainAfterTheEnd()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Nursery(new CountingActor.Counter())), "name");
        Assert.Equal("akka://test/user/name", actor.Path.ToString());
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Nursery(new CountingActor.Counter())), "name"));
        await actor.GracefulStop(DefaultTimeout);
        await AwaitAssertAsync(() => Sys.ActorOf(Props.Create(() => new Nursery(new CountingActor.Counter())), "name"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("%4")]
    [InlineData("ü")]
    public void MalformedNamesAreRefused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Nursery(new CountingActor.Counter())), name));

    [Fact]
    public async Task TerminationStopsEverythingAndRunsItsCallbacks()
    {
        using var system = ActorSystem.Create("termination");
        var ended = new TaskCompletionSource();
        system.RegisterOnTermination(ended.SetResult);
        var stopped = new CountingActor.Counter();
        for (var i = 0; i < 100; i++)
        {
            system.ActorOf(Props.CreateBy(new LifeProducer(stopped)));
        }

        await system.Terminate().WaitAsync(DefaultTimeout);
        await ended.Task.WaitAsync(DefaultTimeout);
        Assert.Equal(100, stopped.Value);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Props.CreateBy(new LifeProducer(stopped))));
        var late = false;
        system.RegisterOnTermination(() => late = true);
        Assert.True(late);
    }

    private sealed class Nursery(CountingActor.Counter started) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var child = Props.Create(() => new Child(started));
            for (var i = 0; i < (int)message; i++)
            {
                Context.ActorOf(child);
            }
        }
    }

    private sealed class Child(CountingActor.Counter started) : UntypedActor
    {
        protected override void PreStart() => started.Increment();

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class LifeProducer(CountingActor.Counter stopped) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Life);

        public ActorBase Produce() => new Life();

        public void Release(ActorBase actor) => stopped.Increment();
    }

    private sealed class Life : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }
}
