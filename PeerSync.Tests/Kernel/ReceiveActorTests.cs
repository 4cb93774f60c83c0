using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class ReceiveActorTests : TestKit.TestKit
{
    [Fact]
    public async Task TheFirstHandlerThatMatchesHandlesTheMessage()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Matcher(TestActor)));
        actor.Tell(5);
        await ExpectMsgAsync("small 5");
        actor.Tell(50);
        await ExpectMsgAsync("int 50");
        actor.Tell("yes");
        await ExpectMsgAsync("func yes");
        actor.Tell("no");
        await ExpectMsgAsync("string no");
        actor.Tell(2.5);
        await ExpectMsgAsync("type 2.5");
        actor.Tell('c');
        await ExpectMsgAsync("any c");
    }

    [Fact]
    public async Task BecomeReplacesAndStackedReturns()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Chameleon(TestActor)));
        actor.Tell("x");
        await ExpectMsgAsync("first x");
        actor.Tell(1);
        actor.Tell("x");
        await ExpectMsgAsync("second x");
        actor.Tell(2);
        actor.Tell("x");
        await ExpectMsgAsync("third x");
        actor.Tell(-1);
        actor.Tell("x");
        await ExpectMsgAsync("second x");
        actor.Tell(-1);
        actor.Tell("x");
        await ExpectMsgAsync("first x");
    }

    [Fact]
    public async Task ARestartReturnsToTheFirstBehaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Chameleon(TestActor)));
        actor.Tell(1);
        actor.Tell(new InvalidOperationException("boom"));
        actor.Tell("x");
        await ExpectMsgAsync("first x");
    }

    [Fact]
    public async Task UntypedActorsBecomeToo()
    {
        var actor = Sys.ActorOf(Props.Create(() => new UntypedChameleon(TestActor)));
        actor.Tell("become");
        actor.Tell("x");
        await ExpectMsgAsync("other x");
        actor.Tell("back");
        actor.Tell("x");
        await ExpectMsgAsync("own x");
    }

    [Fact]
    public async Task HandlersAfterReceiveAnyAreRefused()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        Sys.ActorOf<TooLate>();
        Assert.IsType<InvalidOperationException>((await ExpectMsgAsync<Error>()).Cause);
    }

    [Fact]
    public void ActorsAreOnlyCreatedByTheKernel() => Assert.Throws<ActorInitializationException>(() => new TooLate());

    [Fact]
    public async Task AnActorCannotConstructAnotherByItself()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        Sys.ActorOf(Props.Create(() => new Matryoshka()));
        Assert.IsType<ActorInitializationException>((await ExpectMsgAsync<Error>()).Cause);
    }

    [Fact]
    public async Task PropsFindTheConstructorOfArguments()
    {
        var actor = Sys.ActorOf(Props.Create<Matcher>(TestActor));
        actor.Tell('d');
        await ExpectMsgAsync("any d");
    }

    private sealed class Matcher : ReceiveActor
    {
        public Matcher(IActorRef probe)
        {
            Receive<int>(i => i < 10, i => probe.Tell($"small {i}"));
            Receive<int>(i => probe.Tell($"int {i}"));
            Receive<string>(s =>
            {
                if (s != "yes")
                {
                    return false;
                }

                probe.Tell($"func {s}");
                return true;
            });
            Receive<string>(s => probe.Tell($"string {s}"));
            Receive(typeof(double), d => probe.Tell(FormattableString.Invariant($"type {d}")));
            ReceiveAny(o => probe.Tell($"any {o}"));
        }
    }

    private sealed class Chameleon : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Chameleon(IActorRef probe)
        {
            _probe = probe;
            Behaviour("first");
        }

        private void Behaviour(string name)
        {
            Receive<string>(s => _probe.Tell($"{name} {s}"));
            Receive<int>(i => i == 1, _ => Become(() => Stacked("second")));
            Receive<Exception>(e => throw e);
        }

        private void Stacked(string name)
        {
            Receive<int>(i => i == 2, _ => BecomeStacked(() => Stacked("third")));
            Receive<int>(i => i == -1, _ => UnbecomeStacked());
            Behaviour(name);
        }
    }

    private sealed class UntypedChameleon(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "become")
            {
                BecomeStacked(Other);
            }
            else
            {
                probe.Tell($"own {message}");
            }
        }

        private void Other(object message)
        {
            if (message is "back")
            {
                UnbecomeStacked();
            }
            else
            {
                probe.Tell($"other {message}");
            }
        }
    }

    private sealed class TooLate : ReceiveActor
    {
        public TooLate()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }

    private sealed class Matryoshka : UntypedActor
    {
        private readonly Inner _inner;

        public Matryoshka()
        {
            _inner = new Inner();
        }

        protected override void OnReceive(object message) => Unhandled(_inner);

        private sealed class Inner : UntypedActor
        {
            protected override void OnReceive(object message) => Unhandled(message);
        }
    }
}
