using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class PersistFailureTests : PersistenceTestKit
{
    private static readonly JournalUnavailableException Unavailable = new("The disk is full.", null);

    [Fact]
    public async Task AWriteThatFailsStopsTheActorAndRunsNoHandler()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a =>
        {
            a.PersistEach("one", "two");
            a.DeferAsync("deferred", a.Apply);
        });
        actor.Tell("waiting", TestActor);
        (await Journal.NextWriteAsync()).Fail(Unavailable);
        await ExpectMsgAsync(new ScriptedActor.PersistFailed(Unavailable, "one", 1));
        Assert.Equal(TestActor, LastSender);
        await ExpectTerminatedAsync(actor);
        await ExpectNoMsgAsync();
        Assert.Empty(Journal.EventsOf("a"));
    }

    [Fact]
    public async Task CommandsThatWaitedForAFailedWriteBecomeDeadLetters()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.PersistEach("one"));
        actor.Tell("first");
        actor.Tell("second");
        var write = await Journal.NextWriteAsync();
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        write.Fail(Unavailable);
        await letters.ExpectMsgAsync<DeadLetter>(letter => letter.Message is "first");
        await letters.ExpectMsgAsync<DeadLetter>(letter => letter.Message is "second");
    }

    [Fact]
    public async Task AnEventWhoseWriteWasNotConfirmedMayStillBeThere()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a => a.PersistEach("one"));
        (await Journal.NextWriteAsync()).Fail(Unavailable, landed: true);
        await ExpectMsgAsync<ScriptedActor.PersistFailed>();
        await ExpectTerminatedAsync(actor);
        Assert.Equal(["one"], (await StateOf(Start())).Events);
    }

    [Fact]
    public async Task HandlersOfEarlierWritesRunBeforeAFailureStopsTheActor()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a => a.PersistAsync("one", a.Apply));
        Do(actor, a => a.PersistAsync("two", a.Apply));
        (await Journal.NextWriteAsync()).Complete();
        (await Journal.NextWriteAsync()).Fail(Unavailable);
        await ExpectMsgAsync("one");
        await ExpectMsgAsync(new ScriptedActor.PersistFailed(Unavailable, "two", 2));
        await ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task AConflictStopsTheActorAndItsNextIncarnationRecovers()
    {
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a => a.PersistEach("one"));
        await ExpectMsgAsync("one");
        Journal.Add(ScriptedJournal.Event("a", 2, "from elsewhere"));
        Do(actor, a => a.PersistEach("two"));
        Assert.IsType<JournalConflictException>((await ExpectMsgAsync<ScriptedActor.PersistFailed>()).Cause);
        await ExpectTerminatedAsync(actor);
        var next = Start();
        Do(next, a => a.PersistEach("three"));
        await ExpectMsgAsync("three");
        Assert.Equal(["one", "from elsewhere", "three"], (await StateOf(next)).Events);
    }

    [Fact]
    public async Task OfTwoIncarnationsOnlyOneGoesOn()
    {
        var first = Start();
        var second = Start();
        await StateOf(first);
        await StateOf(second);
        await WatchAsync(second);
        Do(first, a => a.PersistEach("one"));
        await ExpectMsgAsync("one");
        Do(second, a => a.PersistEach("other one"));
        await ExpectMsgAsync<ScriptedActor.PersistFailed>(failed => failed.Event is "other one");
        await ExpectTerminatedAsync(second);
        Assert.Equal(["one"], Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task AJournalThatThrowsInsteadOfWritingRejects()
    {
        var cause = new NotSupportedException("Cannot serialize.");
        Journal.OnWrite = events => events.Any(e => e.Payload is "bad") ? throw cause : null;
        var actor = Start();
        Do(actor, a => a.PersistEach("bad"));
        actor.Tell("next", TestActor);
        await ExpectMsgAsync(new ScriptedActor.PersistRejected(cause, "bad", 1));
        Assert.Equal(TestActor, LastSender);
        await ExpectMsgAsync("next");
        Do(actor, a => a.PersistEach("good"));
        await ExpectMsgAsync("good");
        Assert.Equal(1, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task OnlyTheGroupThatCannotBeWrittenIsRejectedAndLeavesNoGap()
    {
        Journal.HoldsWrites = true;
        var cause = new ArgumentException("Cannot serialize.");
        var actor = Start();
        Do(actor, a => a.PersistAsync("first", a.Apply));
        var first = await Journal.NextWriteAsync();
        Journal.HoldsWrites = false;
        Journal.OnWrite = events => events.Any(e => e.Payload is "bad") ? Task.FromException(cause) : null;
        Do(actor, a =>
        {
            a.PersistAsync("one", a.Apply);
            a.PersistAll(["good", "bad", "fine"], a.Apply);
            a.DeferAsync("deferred", a.Apply);
            a.PersistAsync("two", a.Apply);
            a.PersistAllAsync(["three", "four"], a.Apply);
        });
        actor.Tell("told", TestActor);
        first.Complete();
        await ExpectMsgAsync("first");
        await ExpectMsgAsync("one");
        await ExpectMsgAsync(new ScriptedActor.PersistRejected(cause, "good", 3));
        await ExpectMsgAsync(new ScriptedActor.PersistRejected(cause, "bad", 4));
        await ExpectMsgAsync(new ScriptedActor.PersistRejected(cause, "fine", 5));
        var rest = new List<object>();
        for (var i = 0; i < 5; i++)
        {
            rest.Add(await ReceiveOneAsync());
        }

        Assert.Equal(["deferred", "two", "three", "four"], rest.Where(message => message is not "told"));
        Assert.Equal(["first", "one", "two", "three", "four"], Journal.PayloadsOf("a"));
        Assert.Equal([1L, 2, 3, 4, 5], Journal.EventsOf("a").Select(e => e.SequenceNr));
        Assert.Equal(5, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task AFailingCommandRestartsTheActorWhichRecoversAndKeepsItsMailbox()
    {
        var actor = Start();
        Do(actor, a => a.PersistEach("one", "two"));
        await ExpectMsgAsync("one");
        await ExpectMsgAsync("two");
        using var gate = new SemaphoreSlim(0);
        Do(actor, a =>
        {
            a.Events.Add("never persisted");
            gate.Wait();
            throw new InvalidOperationException("boom");
        });
        Do(actor, a => a.PersistEach("three"));
        actor.Tell("next", TestActor);
        gate.Release();
        await ExpectMsgAsync("three");
        await ExpectMsgAsync("next");
        var state = await StateOf(actor);
        Assert.Equal(["one", "two", "three"], state.Events);
        Assert.Equal(3, state.LastSequenceNr);
    }

    [Fact]
    public async Task AFailingHandlerRestartsTheActorAndWhatWaitedComesAfterRecovery()
    {
        Journal.HoldsWrites = true;
        var restarts = CreateTestProbe();
        var actor = Start(configure: script => script with { OnRestart = (reason, message) => restarts.Ref.Tell((reason.Message, message)) });
        Do(actor, a => a.Persist("one", _ => throw new InvalidOperationException("boom")));
        for (var i = 0; i < 20; i++)
        {
            actor.Tell(i, TestActor);
        }

        (await Journal.NextWriteAsync()).Complete();
        await restarts.ExpectMsgAsync<object>(("boom", (object?)"one"));
        for (var i = 0; i < 20; i++)
        {
            await ExpectMsgAsync(i);
        }

        Assert.Equal(["one"], (await StateOf(actor)).Events);
    }

    [Fact]
    public async Task ARestartWaitsForTheWriteOfTheFormerInstance()
    {
        Journal.HoldsWrites = true;
        var restarted = CreateTestProbe();
        var actor = Start(configure: script => script with { OnRestart = (_, _) => restarted.Ref.Tell("restarted") });
        Do(actor, a =>
        {
            a.Persist("one", _ => Assert.Fail("The instance was replaced."));
            throw new InvalidOperationException("boom");
        });
        Do(actor, a => a.PersistEach("two"));
        var write = await Journal.NextWriteAsync();
        await restarted.ExpectMsgAsync("restarted");
        await ExpectNoMsgAsync();
        Assert.False(Journal.HasHeldWrite);
        write.Complete();
        (await Journal.NextWriteAsync()).Complete();
        await ExpectMsgAsync("two");
        Assert.Equal(["one", "two"], (await StateOf(actor)).Events);
    }

    [Fact]
    public async Task AnActorThatIsResumedGoesOnWithItsHandlers()
    {
        Journal.HoldsWrites = true;
        var parent = Sys.ActorOf(Props.Create(() => new Resuming()));
        var script = new ScriptedActor.Script("a", TestActor);
        var actor = await parent.Ask<IActorRef>(Props.Create(() => new ScriptedActor(script)), DefaultTimeout);
        Do(actor, a =>
        {
            a.Persist("one", _ => throw new InvalidOperationException("boom"));
            a.Persist("two", a.Apply);
            a.PersistAsync("three", a.Apply);
        });
        actor.Tell("next", TestActor);
        (await Journal.NextWriteAsync()).Complete();
        await ExpectMsgAsync("two");
        await ExpectMsgAsync("three");
        await ExpectMsgAsync("next");
        Do(actor, a =>
        {
            a.Persist("four", a.Apply);
            throw new InvalidOperationException("boom");
        });
        actor.Tell("next", TestActor);
        var write = await Journal.NextWriteAsync();
        await ExpectNoMsgAsync();
        write.Complete();
        await ExpectMsgAsync("four");
        await ExpectMsgAsync("next");
        Assert.Equal(4, (await StateOf(actor)).LastSequenceNr);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StoppingDoesNotWaitForAWriteWhichMayStillLand(bool poison)
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a => a.PersistEach("one"));
        var write = await Journal.NextWriteAsync();
        if (poison)
        {
            actor.Tell(PoisonPill.Instance);
        }
        else
        {
            Sys.Stop(actor);
        }

        await ExpectTerminatedAsync(actor);

        // The next incarnation waits for the write, and so knows the event.
        var next = Start();
        var state = StateOf(next);
        await ExpectNoMsgAsync();
        Assert.False(state.IsCompleted);
        write.Complete();
        Assert.Equal(["one"], (await state).Events);
        await ExpectNoMsgAsync();
    }

    [Fact]
    public async Task AWriteThatIsLeftBehindAndFailsConcernsNobody()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        await WatchAsync(actor);
        Do(actor, a => a.PersistEach("one"));
        var write = await Journal.NextWriteAsync();
        Sys.Stop(actor);
        await ExpectTerminatedAsync(actor);
        var state = StateOf(Start());
        write.Fail(Unavailable);
        Assert.Empty((await state).Events);
    }

    private sealed class Resuming : ReceiveActor
    {
        public Resuming()
        {
            Receive<Props>(props => Sender.Tell(Context.ActorOf(props)));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Resume);
    }
}
