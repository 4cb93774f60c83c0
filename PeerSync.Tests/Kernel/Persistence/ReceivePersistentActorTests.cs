using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class ReceivePersistentActorTests : PersistenceTestKit
{
    [Fact]
    public async Task TheFirstHandlerThatMatchesTakesTheMessage()
    {
        Journal.Add(ScriptedJournal.Event("p", 1, 1), ScriptedJournal.Event("p", 2, 20), ScriptedJournal.Event("p", 3, "three"), ScriptedJournal.Event("p", 4, 4L));
        var actor = Sys.ActorOf(Props.Create(() => new Picky(TestActor)));
        await ExpectMsgAsync("small 1");
        await ExpectMsgAsync("number 20");
        await ExpectMsgAsync("text three");
        await ExpectMsgAsync("any 4");
        await ExpectMsgAsync("any <RecoveryCompleted>");
        foreach (var (command, answer) in new (object, string)[] { (1, "small"), (20, "number"), ("no", "text"), ("yes", "func"), (2L, "async"), (3.0, "any") })
        {
            actor.Tell(command, TestActor);
            await ExpectMsgAsync(answer);
        }
    }

    [Fact]
    public async Task HandlersCannotBeAddedLater()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Late()));
        actor.Tell("command", TestActor);
        await ExpectMsgAsync("refused");
        actor.Tell("recover", TestActor);
        await ExpectMsgAsync("refused");
    }

    [Fact]
    public async Task BecomeReplacesStacksAndReturns()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Becoming()));
        foreach (var expected in new[] { "first", "second", "third", "second", "first" })
        {
            actor.Tell(expected, TestActor);
            await ExpectMsgAsync($"{expected}: {expected}");
        }

        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        actor.Tell(1);
        Assert.Equal(1, (await ExpectMsgAsync<UnhandledMessage>()).Message);
    }

    [Fact]
    public async Task AnEventThatNobodyRecoversIsReported()
    {
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);
        Journal.Add(ScriptedJournal.Event("becoming", 1, 17));
        Sys.ActorOf(Props.Create(() => new Becoming()));
        Assert.Equal(17, (await ExpectMsgAsync<UnhandledMessage>()).Message);
    }

    private sealed class Picky : ReceivePersistentActor
    {
        public Picky(IActorRef probe)
        {
            Recover<int>(e => probe.Tell($"small {e}"), e => e < 10);
            Recover<int>(e => probe.Tell($"number {e}"));
            Recover<string>(e =>
            {
                probe.Tell($"text {e}");
                return true;
            });
            RecoverAny(e => probe.Tell($"any {e}"));
            Command<int>(c => c < 10, _ => Sender.Tell("small"));
            Command<int>(_ => Sender.Tell("number"));
            Command<string>(c =>
            {
                if (c == "yes")
                {
                    Sender.Tell("func");
                }

                return c == "yes";
            });
            Command<string>(_ => Sender.Tell("text"));
            CommandAsync<long>(async _ =>
            {
                await Task.Yield();
                Sender.Tell("async");
            });
            CommandAny(_ => Sender.Tell("any"));
        }

        public override string PersistenceId => "p";
    }

    private sealed class Late : ReceivePersistentActor
    {
        public Late()
        {
            Command<string>(command =>
            {
                try
                {
                    if (command == "command")
                    {
                        Command<int>(_ => { });
                    }
                    else
                    {
                        Recover<int>(_ => { });
                    }
                }
                catch (InvalidOperationException)
                {
                    Sender.Tell("refused");
                }
            });
        }

        public override string PersistenceId => "late";
    }

    private sealed class Becoming : ReceivePersistentActor
    {
        public Becoming()
        {
            Command<string>(command =>
            {
                Sender.Tell($"first: {command}");
                BecomeStacked(Second);
            });
        }

        public override string PersistenceId => "becoming";

        private void Second()
        {
            var back = false;
            Command<string>(command =>
            {
                Sender.Tell($"second: {command}");
                if (back)
                {
                    UnbecomeStacked();
                }
                else
                {
                    back = true;
                    BecomeStacked(() => Command<string>(third =>
                    {
                        Sender.Tell($"third: {third}");
                        UnbecomeStacked();
                    }));
                }
            });
        }
    }
}
