using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

public sealed class EventStreamTests : TestKit.TestKit
{
    [Fact]
    public async Task SubscribersHearTheTypeAndWhatIsDerivedFromIt()
    {
        Assert.True(Sys.EventStream.Subscribe<Base>(TestActor));
        Assert.False(Sys.EventStream.Subscribe<Base>(TestActor));
        Sys.EventStream.Publish(new Derived("a"));
        Sys.EventStream.Publish(new Base("b"));
        Sys.EventStream.Publish("something else");
        await ExpectMsgAsync<Derived>();
        await ExpectMsgAsync<Base>(message => message.Name == "b");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task TwoSubscriptionsOfOneActorTellItOnce()
    {
        Sys.EventStream.Subscribe<Base>(TestActor);
        Sys.EventStream.Subscribe<Derived>(TestActor);
        Sys.EventStream.Publish(new Derived("a"));
        await ExpectMsgAsync<Derived>();
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task UnsubscribeEndsOneOrAll()
    {
        Sys.EventStream.Subscribe<Base>(TestActor);
        Sys.EventStream.Subscribe<string>(TestActor);
        Assert.True(Sys.EventStream.Unsubscribe<Base>(TestActor));
        Assert.False(Sys.EventStream.Unsubscribe<Base>(TestActor));
        Sys.EventStream.Publish(new Base("a"));
        Sys.EventStream.Publish("text");
        await ExpectMsgAsync("text");
        Assert.True(Sys.EventStream.Unsubscribe(TestActor));
        Sys.EventStream.Publish("text");
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AnActorThatStopsIsUnsubscribed()
    {
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe<string>(probe.Ref);
        Assert.True(await probe.Ref.GracefulStop(DefaultTimeout));
        Assert.False(Sys.EventStream.Unsubscribe(probe.Ref));
        Assert.False(Sys.EventStream.Subscribe<string>(probe.Ref));
    }

    [Fact]
    public async Task ASubscriberThatStopsWithMessagesWaitingLosesTheirDeadLetters()
    {
        // The last message is in the mailbox when it closes, and the actor is still subscribed then.
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(static () => new TellsItselfAtItsEnd()));
        Sys.EventStream.Subscribe<DeadLetter>(actor);
        Sys.EventStream.Subscribe<DeadLetter>(probe.Ref);
        Assert.True(await actor.GracefulStop(DefaultTimeout));
        await probe.ExpectMsgAsync<DeadLetter>(letter => letter.Message is "too late");
        await probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task ASubscriberWhoseMailboxIsFullDropsWhatItCannotTake()
    {
        using var system = ActorSystem.Create("full", new ActorSystemSettings().WithMailbox("one", new BoundedMailbox(1)));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(Props.Create(() => new Waiting(release.Task)).WithMailbox("one"));
        system.EventStream.Subscribe<Dropped>(actor);
        actor.Tell("blocks");
        for (var i = 0; i < 10; i++)
        {
            actor.Tell("too many");
        }

        release.SetResult();
        await system.Terminate().WaitAsync(DefaultTimeout);
    }

    [Fact]
    public async Task LogsArePublishedWithSourceTimeAndLevel()
    {
        var time = new ManualTimeProvider();
        using var system = ActorSystem.Create("logs", With(time));
        var kit = new Kit(system);
        system.EventStream.Subscribe<LogEvent>(kit.TestActor);
        var actor = system.ActorOf<Chatty>("chatty");
        actor.Tell("hello");
        var info = await kit.ExpectMsgAsync<Info>();
        Assert.Equal("received hello", info.Message);
        Assert.Equal("akka://logs/user/chatty", info.LogSource);
        Assert.Equal(typeof(Chatty), info.LogClass);
        Assert.Equal(time.GetUtcNow().UtcDateTime, info.Timestamp);
        var error = await kit.ExpectMsgAsync<Error>();
        Assert.Equal("bad", error.Cause!.Message);
        await kit.ExpectNoMsgAsync();
        await system.Terminate().WaitAsync(DefaultTimeout);
    }

    private sealed class TellsItselfAtItsEnd : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => Self.Tell("too late");
    }

    private sealed class Waiting : ReceiveActor
    {
        public Waiting(Task release)
        {
            ReceiveAsync<string>(_ => release);
            ReceiveAny(static _ => { });
        }
    }

    private record Base(string Name);

    private sealed record Derived(string Name) : Base(Name);

    private sealed class Kit(ActorSystem system) : TestKitBase(system, name: null);

    private sealed class Chatty : UntypedActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        protected override void OnReceive(object message)
        {
            _log.Debug("not published {0}", message);
            _log.Info("received {0}", message);
            _log.Error(new InvalidOperationException("bad"), "failed");
        }
    }
}
