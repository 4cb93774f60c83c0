using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel;

public sealed class AsyncHandlerTests : TestKit.TestKit
{
    [Fact]
    public async Task NoOtherMessageIsProcessedMeanwhile()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        actor.Tell(new Worker.Await(gate.Task), TestActor);
        actor.Tell("after", TestActor);
        await ExpectMsgAsync("before");
        await ExpectNoMsgAsync();
        gate.SetResult();
        await ExpectMsgAsync("resumed");
        await ExpectMsgAsync("after");
    }

    [Fact]
    public async Task ContinuationsRunInTheActorsTurnWithItsSender()
    {
        var gate = new TaskCompletionSource();
        var probe = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        probe.Send(actor, new Worker.Ask(gate.Task));
        gate.SetResult();
        await probe.ExpectMsgAsync("answer");
        Assert.Equal(actor, probe.LastSender);
    }

    [Fact]
    public async Task ManyAwaitsKeepTheOrder()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        for (var i = 0; i < 500; i++)
        {
            actor.Tell(new Worker.Yield(i), TestActor);
        }

        for (var i = 0; i < 500; i++)
        {
            await ExpectMsgAsync(i);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFailureRestartsTheActor(bool afterAwait)
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        actor.Tell(new Worker.Fail(afterAwait), TestActor);
        actor.Tell("after", TestActor);
        await ExpectMsgAsync("restarting: no");
        await ExpectMsgAsync("after");
    }

    [Fact]
    public async Task AnActorCanBeStoppedWhileItAwaits()
    {
        var never = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        actor.Tell(new Worker.Await(never.Task), TestActor);
        await ExpectMsgAsync("before");
        await WatchAsync(actor);
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor);
        never.SetResult();
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task ATaskThatIsDoneCostsNoTurn()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Worker(TestActor)));
        actor.Tell(new Worker.Await(Task.CompletedTask), TestActor);
        await ExpectMsgAsync("before");
        await ExpectMsgAsync("resumed");
    }

    [Fact]
    public async Task RunTaskDoesTheSameForUntypedActors()
    {
        var gate = new TaskCompletionSource();
        var actor = Sys.ActorOf(Props.Create(() => new Untyped(TestActor, gate.Task)));
        actor.Tell("run");
        actor.Tell("after");
        await ExpectMsgAsync("before");
        await ExpectNoMsgAsync();
        gate.SetResult();
        await ExpectMsgAsync("resumed");
        await ExpectMsgAsync("after");
    }

    private sealed class Worker : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Worker(IActorRef probe)
        {
            _probe = probe;
            ReceiveAsync<Await>(async message =>
            {
                _probe.Tell("before");
                await message.Gate;
                _probe.Tell("resumed");
            });
            ReceiveAsync<Ask>(async message =>
            {
                await message.Gate;
                Assert.Equal(Self, Context.Self);
                Sender.Tell("answer");
            });
            ReceiveAsync<Yield>(async message =>
            {
                for (var i = 0; i < 3; i++)
                {
                    await Task.Yield();
                }

                _probe.Tell(message.Number);
            });
            ReceiveAsync<Fail>(async message =>
            {
                if (message.AfterAwait)
                {
                    await Task.Yield();
                }

                throw new InvalidOperationException("no");
            });
            ReceiveAny(message => _probe.Tell(message));
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _probe.Tell($"restarting: {reason.Message}");
            Assert.IsType<Fail>(message);
            base.PreRestart(reason, message);
        }

        internal sealed record Await(Task Gate);

        internal sealed record Ask(Task Gate);

        internal sealed record Yield(int Number);

        internal sealed record Fail(bool AfterAwait);
    }

    private sealed class Untyped(IActorRef probe, Task gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "run")
            {
                RunTask(async () =>
                {
                    probe.Tell("before");
                    await gate;
                    probe.Tell("resumed");
                });
            }
            else
            {
                probe.Tell(message);
            }
        }
    }
}
