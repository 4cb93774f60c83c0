using System.Collections.Immutable;
using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class PersistTests : PersistenceTestKit
{
    [Fact]
    public async Task AHandlerRunsOnlyWhenItsEventIsDurable()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.PersistEach("one"));
        var write = await Journal.NextWriteAsync();
        await ExpectNoMsgAsync();
        write.Complete();
        await ExpectMsgAsync("one");
        Assert.Equal(["one"], Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task EventsCarryTheirNumberTheirWriterAndTheSystemsTime()
    {
        var actor = Start();
        Time.Advance(TimeSpan.FromMilliseconds(1234));
        Do(actor, a => a.PersistEach("one", "two"));
        await ExpectMsgAsync("one");
        await ExpectMsgAsync("two");
        var events = Journal.EventsOf("a");
        Assert.Equal([1L, 2L], events.Select(e => e.SequenceNr));
        Assert.All(events, e => Assert.Equal(Time.GetUtcNow().ToUnixTimeMilliseconds(), e.Timestamp));
        Assert.True(Guid.TryParse(Assert.Single(events.Select(e => e.WriterGuid).Distinct()), out _));
        Assert.Equal(2, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task EachInstanceIsAWriterOfItsOwn()
    {
        var actor = Start();
        Do(actor, a => a.PersistEach("one"));
        await ExpectMsgAsync("one");
        Do(actor, _ => throw new InvalidOperationException("boom"));
        Do(actor, a => a.PersistEach("two"));
        await ExpectMsgAsync("two");
        Assert.Equal(2, Journal.EventsOf("a").Select(e => e.WriterGuid).Distinct().Count());
    }

    [Fact]
    public async Task CommandsWaitForTheHandlerOfPersistAndKeepTheirOrderAndSenders()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        var other = CreateTestProbe();
        Do(actor, a => a.PersistEach("one"));
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i, i % 2 == 0 ? TestActor : other.Ref);
        }

        var write = await Journal.NextWriteAsync();
        await ExpectNoMsgAsync();
        write.Complete();
        await ExpectMsgAsync("one");
        for (var i = 0; i < 100; i++)
        {
            await ExpectMsgAsync(i);
            Assert.Equal(i % 2 == 0 ? TestActor : other.Ref, LastSender);
        }
    }

    [Fact]
    public async Task WaitingCommandsMayPersistThemselves()
    {
        var actor = Start();
        for (var i = 0; i < 200; i++)
        {
            var e = i;
            Do(actor, a => a.Persist(e, _ => { }));
            Do(actor, a => a.Persist(e + 1000, x => a.Apply(x)));
        }

        for (var i = 0; i < 200; i++)
        {
            await ExpectMsgAsync(i + 1000);
        }

        Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => new object[] { i, i + 1000 }), Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task TheSenderInAHandlerIsTheCommandsSender()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        var other = CreateTestProbe();
        other.Send(actor, (Action<ScriptedActor>)(a => a.PersistAsync("one", a.Apply)));
        Do(actor, a => a.PersistAsync("two", a.Apply));
        actor.Tell((Action<ScriptedActor>)(a => a.PersistAsync("three", _ => a.Probe.Tell(a.CurrentSender))), null);
        Do(actor, a => a.Probe.Tell("all were handled"));
        await ExpectMsgAsync("all were handled");
        (await Journal.NextWriteAsync()).Complete();
        (await Journal.NextWriteAsync()).Complete();
        await other.ExpectMsgAsync("one");
        await ExpectMsgAsync("two");
        await ExpectMsgAsync<IActorRef>(Sys.DeadLetters);
    }

    [Fact]
    public async Task PersistAllWritesMixedEventsInOneGo()
    {
        var actor = Start();
        Do(actor, a => a.PersistAll(new object[] { 1, "two", 3L }, e => a.Apply(e)));
        await ExpectMsgAsync(1);
        await ExpectMsgAsync("two");
        await ExpectMsgAsync(3L);
        Assert.Equal([1, "two", 3L], Assert.Single(Journal.Writes).Select(e => e.Payload));
    }

    [Fact]
    public async Task PersistAllOfNothingDoesNothing()
    {
        var actor = Start();
        Do(actor, a => a.PersistAll(Array.Empty<string>(), _ => Assert.Fail("There is no event.")));
        actor.Tell("next", TestActor);
        await ExpectMsgAsync("next");
        Assert.Empty(Journal.Writes);
    }

    [Fact]
    public async Task CommandsGoOnWhilePersistAsyncWrites()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.PersistAsync("one", a.Apply));
        actor.Tell("meanwhile", TestActor);
        await ExpectMsgAsync("meanwhile");
        Do(actor, a => a.PersistAllAsync(["two", "three"], a.Apply));
        Do(actor, a => a.PersistAsync("four", a.Apply));
        actor.Tell("still", TestActor);
        await ExpectMsgAsync("still");
        (await Journal.NextWriteAsync()).Complete();
        await ExpectMsgAsync("one");
        await ExpectNoMsgAsync();

        // What gathered during the first write goes as one.
        var second = await Journal.NextWriteAsync();
        Assert.Equal(["two", "three", "four"], second.Payloads);
        second.Complete();
        await ExpectMsgAsync("two");
        await ExpectMsgAsync("three");
        await ExpectMsgAsync("four");
    }

    [Fact]
    public async Task TheNextWriteBeginsBeforeTheHandlersOfTheLastOneRun()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        var begun = -1;
        Do(actor, a => a.PersistAsync("one", _ => begun = Journal.Writes.Count));
        Do(actor, a => a.PersistAsync("two", a.Apply));
        (await Journal.NextWriteAsync()).Complete();
        (await Journal.NextWriteAsync()).Complete();
        await ExpectMsgAsync("two");
        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task WritesAreBoundedAndGroupsNeverSplit()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.PersistAsync(-1, _ => { }));
        var first = await Journal.NextWriteAsync();
        Do(actor, a =>
        {
            for (var i = 0; i < 450; i++)
            {
                a.PersistAsync(i, _ => { });
            }

            a.PersistAllAsync(Enumerable.Range(450, 100), _ => { });
            a.PersistAllAsync(Enumerable.Range(550, 700), _ => { });
            a.PersistAsync("end", a.Apply);
        });
        actor.Tell("told", TestActor);
        await ExpectMsgAsync("told");
        first.Complete();
        var sizes = new List<int>();
        for (var written = 0; written < 1251;)
        {
            var write = await Journal.NextWriteAsync();
            sizes.Add(write.Events.Length);
            written += write.Events.Length;
            write.Complete();
        }

        await ExpectMsgAsync("end");
        Assert.Equal([450, 100, 700, 1], sizes);
        Assert.Equal(Enumerable.Range(-1, 1251).Cast<object>().Append("end"), Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task HandlersMayPersistFurtherEvents()
    {
        var actor = Start();
        Do(actor, a => a.Persist("outer", outer =>
        {
            a.Apply(outer);
            a.Persist("inner", inner =>
            {
                a.Apply(inner);
                a.PersistAsync("innermost", a.Apply);
            });
        }));
        actor.Tell("next", TestActor);
        await ExpectMsgAsync("outer");
        await ExpectMsgAsync("inner");
        Assert.Equivalent(new[] { "innermost", "next" }, new[] { await ExpectMsgAsync<string>(), await ExpectMsgAsync<string>() });
        Assert.Equal(["outer", "inner", "innermost"], Journal.PayloadsOf("a"));
    }

    [Fact]
    public async Task AStashingHandlerAfterAnAsynchronousOneStillHoldsCommands()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a =>
        {
            a.PersistAsync("one", a.Apply);
            a.Persist("two", a.Apply);
        });
        actor.Tell("next", TestActor);
        var write = await Journal.NextWriteAsync();
        Assert.Equal(["one", "two"], write.Payloads);
        await ExpectNoMsgAsync();
        write.Complete();
        await ExpectMsgAsync("one");
        await ExpectMsgAsync("two");
        await ExpectMsgAsync("next");
    }

    [Fact]
    public async Task DeferredHandlersRunAfterThoseBeforeThem()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a =>
        {
            a.DeferAsync("at once", a.Apply);
            a.PersistAsync("one", a.Apply);
            a.DeferAsync("between", a.Apply);
            a.PersistAsync("two", a.Apply);
            a.DeferAsync("last", a.Apply);
        });
        await ExpectMsgAsync("at once");
        await ExpectNoMsgAsync();
        (await Journal.NextWriteAsync()).Complete();
        foreach (var expected in new[] { "one", "between", "two", "last" })
        {
            await ExpectMsgAsync(expected);
        }

        Assert.Equal(["one", "two"], Journal.PayloadsOf("a"));
        Assert.Equal(2, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task DeferHoldsCommandsAndDeferAsyncDoesNot()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.PersistAsync("one", a.Apply));
        Do(actor, a => a.DeferAsync("deferred", a.Apply));
        actor.Tell("meanwhile", TestActor);
        await ExpectMsgAsync("meanwhile");
        Do(actor, a => a.Defer("holding", a.Apply));
        actor.Tell("held", TestActor);
        await ExpectNoMsgAsync();
        (await Journal.NextWriteAsync()).Complete();
        foreach (var expected in new[] { "one", "deferred", "holding", "held" })
        {
            await ExpectMsgAsync(expected);
        }
    }

    [Fact]
    public async Task HandlersAndRecoveryGetTheEventWithoutItsTags()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a =>
        {
            a.Persist<object>(new Tagged("one", ImmutableHashSet.Create("tag")), a.Apply);
            a.Persist(new Tagged("two", ImmutableHashSet.Create("tag")), (Tagged tagged) => a.Apply(tagged.Payload));
        });
        var write = await Journal.NextWriteAsync();
        Assert.All(write.Payloads, payload => Assert.IsType<Tagged>(payload));
        write.Complete();
        await ExpectMsgAsync("one");
        await ExpectMsgAsync("two");
        Assert.Equal(["one", "two"], (await StateOf(Start())).Events);
    }

    [Fact]
    public async Task AsynchronousCommandsPersistWhenTheyHaveEnded()
    {
        var actor = Start();
        var gate = new TaskCompletionSource();
        DoAsync(actor, async a =>
        {
            a.Persist("before", a.Apply);
            await gate.Task;
            a.Persist("after", a.Apply);
        });
        actor.Tell("next", TestActor);
        await ExpectNoMsgAsync();
        Assert.Empty(Journal.Writes);
        gate.SetResult();
        await ExpectMsgAsync("before");
        await ExpectMsgAsync("after");
        await ExpectMsgAsync("next");
        Assert.Single(Journal.Writes);
    }

    [Fact]
    public async Task AsynchronousHandlersAreAwaited()
    {
        var actor = Start();
        var gate = new TaskCompletionSource();
        Do(actor, a =>
        {
            a.Persist("one", async e =>
            {
                await gate.Task;
                a.Apply(e);
            });
            a.PersistAsync("two", a.Apply);
            a.DeferAsync("three", async e =>
            {
                await Task.Yield();
                a.Apply(e);
            });
        });
        actor.Tell("next", TestActor);
        await AwaitAssertAsync(() => Assert.Equal(2, Journal.PayloadsOf("a").Length));
        await ExpectNoMsgAsync();
        gate.SetResult();
        foreach (var expected in new[] { "one", "two", "three", "next" })
        {
            await ExpectMsgAsync(expected);
        }
    }

    [Fact]
    public async Task TheActorsOwnStashIsApart()
    {
        Journal.HoldsWrites = true;
        var actor = Start();
        Do(actor, a => a.Stash.Stash());
        var stashed = 0;
        Do(actor, a =>
        {
            if (++stashed < 3)
            {
                a.Stash.Stash();
            }
            else
            {
                a.Probe.Tell("unstashed");
            }
        });
        Do(actor, a => a.Persist("one", e =>
        {
            a.Apply(e);
            a.BecomeEcho("echo ");
            stashed = 2;
            a.Stash.UnstashAll();
        }));
        actor.Tell("held", TestActor);
        var write = await Journal.NextWriteAsync();
        await ExpectNoMsgAsync();
        write.Complete();
        await ExpectMsgAsync("one");

        // The first one stashed itself again.
        await ExpectMsgAsync("unstashed");
        await ExpectMsgAsync("echo held");
    }

    [Fact]
    public async Task BoundedMailboxesCountTheCommandsThatWait()
    {
        await using var bounded = new Bounded();
        await bounded.CheckAsync();
    }

    [Fact]
    public async Task WithoutAJournalAPersistentActorDoesNotStart()
    {
        await using var system = new WithoutJournal();
        await system.CheckAsync();
    }

    [Fact]
    public async Task TheJournalCannotBeChangedOnceItIsInUse()
    {
        await StateOf(Start());
        Assert.Throws<InvalidOperationException>(() => PeerSync.Kernel.Persistence.Get(Sys).Use(new ScriptedJournal()));
    }

    private sealed class Bounded() : PersistenceTestKit(settings => settings.WithMailbox("small", new BoundedMailbox(10, MailboxOverflow.DropNew)))
    {
        public async Task CheckAsync()
        {
            Journal.HoldsWrites = true;
            var script = new ScriptedActor.Script("a", TestActor);
            var actor = Sys.ActorOf(Props.Create(() => new ScriptedActor(script)).WithMailbox("small"));
            await StateOf(actor);
            var dropped = CreateTestProbe();
            Sys.EventStream.Subscribe<Dropped>(dropped.Ref);
            Do(actor, a => a.PersistEach("one"));
            var write = await Journal.NextWriteAsync();
            for (var i = 0; i < 12; i++)
            {
                actor.Tell(i, TestActor);
            }

            await dropped.ExpectMsgAsync<Dropped>(d => d.Message is 10);
            await dropped.ExpectMsgAsync<Dropped>(d => d.Message is 11);
            write.Complete();
            await ExpectMsgAsync("one");
            for (var i = 0; i < 10; i++)
            {
                await ExpectMsgAsync(i);
            }

            // And each of them has left its place.
            for (var i = 0; i < 10; i++)
            {
                actor.Tell(i, TestActor);
                await ExpectMsgAsync(i);
            }
        }
    }

    private sealed class WithoutJournal : TestKit.TestKit
    {
        public async Task CheckAsync()
        {
            Sys.EventStream.Subscribe<Error>(TestActor);
            var script = new ScriptedActor.Script("a", TestActor);
            Sys.ActorOf(Props.Create(() => new ScriptedActor(script)));
            Assert.IsType<ConfigurationException>((await ExpectMsgAsync<Error>()).Cause);
        }
    }
}
