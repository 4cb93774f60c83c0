using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

public sealed class RecoveryTests : PersistenceTestKit
{
    [Fact]
    public async Task EventsAreReplayedInOrderAndThenRecoveryCompletes()
    {
        Store(3);
        Start(configure: script => script with
        {
            OnStart = a => a.Probe.Tell(("start", a.IsRecovering)),
            OnReplayed = a => a.Probe.Tell("replayed"),
            OnRecover = (a, e) => a.Probe.Tell((e, a.LastSequenceNr, a.IsRecovering, a.IsRecoveryFinished)),
        });
        await ExpectMsgAsync<object>(("start", true));
        for (var i = 1; i <= 3; i++)
        {
            await ExpectMsgAsync<object>(((object)i, (long)i, true, false));
        }

        await ExpectMsgAsync("replayed");
        await ExpectMsgAsync<object>(((object)RecoveryCompleted.Instance, 3L, false, true));
    }

    [Fact]
    public async Task CommandsDuringRecoveryAreHandledAfterItInOrder()
    {
        Store(1_200);
        var gate = new TaskCompletionSource();
        Journal.OnReplay = (_, _, _) => gate.Task;
        var actor = Start(configure: script => script with
        {
            OnRecover = (a, e) =>
            {
                if (e is RecoveryCompleted)
                {
                    a.Persist("first", a.Apply);
                }
            },
        });
        for (var i = 0; i < 50; i++)
        {
            actor.Tell(i, TestActor);
        }

        await ExpectNoMsgAsync();
        gate.SetResult();
        for (var i = 0; i < 50; i++)
        {
            await ExpectMsgAsync(i);
        }

        var state = await StateOf(actor);
        Assert.Equal(Enumerable.Range(1, 1_200).Cast<object>().Append("first"), state.Events);
        Assert.Equal(1_201, state.LastSequenceNr);
        Assert.Equal([500, 500, 500], Journal.Pages);
    }

    [Fact]
    public async Task SequenceNumbersMayHaveGaps()
    {
        Store(10);
        await Journal.DeleteMessagesToAsync("a", 2, CancellationToken.None);
        Journal.Add(ScriptedJournal.Event("a", 15, 15));
        Journal.Add(ScriptedJournal.Event("a", 700, 700));
        var actor = Start();
        Do(actor, a => a.PersistEach("next"));
        await ExpectMsgAsync("next");
        Assert.Equal([3, 4, 5, 6, 7, 8, 9, 10, 15, 700, "next"], (await StateOf(actor)).Events);
        Assert.Equal(701, Journal.EventsOf("a")[^1].SequenceNr);
    }

    [Fact]
    public async Task DeletedEventsStillCount()
    {
        Store(5);
        await Journal.DeleteMessagesToAsync("a", 5, CancellationToken.None);
        var actor = Start();
        Do(actor, a => a.PersistEach("next"));
        await ExpectMsgAsync("next");
        Assert.Equal(6, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task RecoveryCanBeBounded()
    {
        Store(1_000);
        var to = Start(configure: script => script with { Recovery = new Recovery(toSequenceNr: 7) });
        Assert.Equal(new object[] { 1, 2, 3, 4, 5, 6, 7 }, (await StateOf(to)).Events);
        var max = Start(configure: script => script with { Recovery = new Recovery(replayMax: 503) });
        var state = await StateOf(max);
        Assert.Equal(503, state.Events.Length);
        Assert.Equal(1_000, state.LastSequenceNr);
        Journal.Pages.Clear();
        var none = Start(configure: script => script with { Recovery = Recovery.None });
        state = await StateOf(none);
        Assert.Empty(state.Events);
        Assert.Equal(1_000, state.LastSequenceNr);
        Assert.Empty(Journal.Pages);
    }

    [Fact]
    public async Task RecoveryStartsFromTheLatestSnapshotThatFits()
    {
        Store(10);
        await SaveAsync(4, Time.GetUtcNow());
        Time.Advance(TimeSpan.FromHours(1));
        await SaveAsync(8, Time.GetUtcNow());
        Assert.Equal(["snapshot 8", 9, 10], await RecoverAsync(Recovery.Default));
        Assert.Equal(["snapshot 4", 5, 6], await RecoverAsync(new Recovery(toSequenceNr: 6)));
        Assert.Equal(["snapshot 4", 5, 6, 7, 8, 9, 10], await RecoverAsync(new Recovery(new SnapshotSelectionCriteria(5, DateTime.MaxValue))));
        Assert.Equal(
            ["snapshot 4", 5, 6, 7, 8, 9, 10],
            await RecoverAsync(new Recovery(new SnapshotSelectionCriteria(long.MaxValue, Time.GetUtcNow().UtcDateTime.AddMinutes(-1)))));
        Assert.Equal(Enumerable.Range(1, 10).Cast<object>(), await RecoverAsync(new Recovery(SnapshotSelectionCriteria.None)));
        Assert.Equal(["snapshot 8", 9], await RecoverAsync(new Recovery(replayMax: 1)));
    }

    [Fact]
    public async Task ASnapshotThatNobodyTakesIsPassedOver()
    {
        Store(3);
        await SaveAsync(2, Time.GetUtcNow());
        var actor = Start(configure: script => script with { TakesSnapshots = false });
        Assert.Equal(new object[] { 1, 2, 3 }, (await StateOf(actor)).Events);
    }

    [Fact]
    public async Task ASnapshotNewerThanTheEventsCounts()
    {
        await SaveAsync(12, Time.GetUtcNow());
        var actor = Start();
        Do(actor, a => a.PersistEach("next"));
        await ExpectMsgAsync("next");
        Assert.Equal(13, (await StateOf(actor)).LastSequenceNr);
    }

    [Fact]
    public async Task NothingCanBePersistedDuringReplay()
    {
        Store(1);
        var actor = Start(configure: script => script with { OnRecover = (a, e) => a.Persist("forbidden", _ => { }) });
        await WatchAsync(actor);
        Assert.IsType<InvalidOperationException>((await ExpectMsgAsync<ScriptedActor.RecoveryFailed>()).Reason);
        await ExpectTerminatedAsync(actor);
        Assert.Empty(Journal.Writes);
    }

    [Fact]
    public async Task AnEventThatCannotBeAppliedStopsTheActor()
    {
        Store(3);
        var boom = new InvalidOperationException("boom");
        var actor = Start(configure: script => script with { OnRecover = (_, e) => Boom(e is 2) });
        await WatchAsync(actor);
        actor.Tell("never", TestActor);
        await ExpectMsgAsync(new ScriptedActor.RecoveryFailed(boom, 2));
        await ExpectTerminatedAsync(actor);

        void Boom(bool now)
        {
            if (now)
            {
                throw boom;
            }
        }
    }

    [Fact]
    public async Task AJournalOrAStoreThatFailsStopsTheActor()
    {
        var cause = new JournalUnavailableException("The database is gone.", null);
        Store(3);
        Journal.OnReplay = (_, _, _) => Task.FromException(cause);
        await FailsAsync();
        Journal.OnReplay = null;
        Journal.OnReadHighest = (_, _) => throw cause;
        await FailsAsync();
        Journal.OnReadHighest = null;
        Snapshots.Failure = cause;
        await FailsAsync();
        Snapshots.Failure = null;
        Assert.Equal(3, (await StateOf(Start())).Events.Length);

        async Task FailsAsync()
        {
            var actor = Start();
            await ExpectMsgAsync(new ScriptedActor.RecoveryFailed(cause, null));
            await WatchAsync(actor);
            await ExpectTerminatedAsync(actor);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARecoveryThatIsStuckFails(bool heedsCancellation)
    {
        Store(1_000);
        var second = new TaskCompletionSource();
        Journal.OnReplay = (_, from, token) =>
        {
            if (from == 1)
            {
                return Task.CompletedTask;
            }

            second.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, heedsCancellation ? token : CancellationToken.None);
        };
        var actor = Start();
        await WatchAsync(actor);
        await second.Task.WaitAsync(DefaultTimeout);
        await Time.WaitForTimerAsync(Sys.Settings.RecoveryEventTimeout);
        Time.Advance(Sys.Settings.RecoveryEventTimeout - TimeSpan.FromMilliseconds(1));
        await ExpectNoMsgAsync();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<RecoveryTimedOutException>((await ExpectMsgAsync<ScriptedActor.RecoveryFailed>()).Reason);
        await ExpectTerminatedAsync(actor);
        Assert.Equal(0, Time.ActiveTimers);
    }

    [Fact]
    public async Task WhatARecoveryNeedsIsReleasedWhenTheActorStops()
    {
        Store(3);
        var cancelled = new TaskCompletionSource();
        Journal.OnReplay = async (_, _, token) =>
        {
            await using var registration = token.Register(() => cancelled.TrySetResult());
            TestActor.Tell("reading");
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        var actor = Start();
        await WatchAsync(actor);
        await ExpectMsgAsync("reading");
        actor.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(actor);
        await cancelled.Task.WaitAsync(DefaultTimeout);
        Assert.Equal(0, Time.ActiveTimers);
    }

    [Fact]
    public async Task AFailureInRecoveryCompletedIsAFailureLikeAnyOther()
    {
        Store(2);
        var failures = 0;
        var actor = Start(configure: script => script with
        {
            OnRecover = (_, e) =>
            {
                if (e is RecoveryCompleted && ++failures == 1)
                {
                    throw new InvalidOperationException("boom");
                }
            },
        });
        actor.Tell("command", TestActor);
        await ExpectMsgAsync("command");
        Assert.Equal(new object[] { 1, 2 }, (await StateOf(actor)).Events);
        Assert.Equal(2, failures);
    }

    [Fact]
    public async Task BecomeDuringRecoveryHoldsForCommands()
    {
        Store(1);
        var actor = Start(configure: script => script with { OnRecover = (a, _) => a.BecomeEcho("recovered ") });
        actor.Tell("hello", TestActor);
        await ExpectMsgAsync("recovered hello");
    }

    [Fact]
    public async Task AnActorWithoutAnIdDoesNotStart()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        Start("");
        Assert.IsType<ArgumentException>((await ExpectMsgAsync<Error>()).Cause);
    }

    [Fact]
    public async Task AThousandActorsRecoverAFewAtATime()
    {
        await using var crowd = new Crowd();
        await crowd.CheckAsync();
    }

    [Fact]
    public async Task AnActorThatStopsWhileItWaitsForItsTurnLetsTheOthersHaveTheirs()
    {
        await using var crowd = new Crowd();
        await crowd.CheckStoppedOnesAsync();
    }

    private void Store(int count) => Journal.Add([.. Enumerable.Range(1, count).Select(i => ScriptedJournal.Event("a", i, i))]);

    private Task SaveAsync(long sequenceNr, DateTimeOffset time) => Snapshots.SaveAsync(
        new SnapshotMetadata("a", sequenceNr, time.UtcDateTime), new object[] { $"snapshot {sequenceNr}" }, CancellationToken.None);

    private async Task<object[]> RecoverAsync(Recovery recovery) =>
        (await StateOf(Start(configure: script => script with { Recovery = recovery }))).Events;

    private sealed class Crowd() : PersistenceTestKit(settings => settings with { MaxConcurrentRecoveries = 5 })
    {
        private readonly Lock _gate = new();
        private readonly List<string> _begun = [];
        private int _recovering;
        private int _most;

        public async Task CheckAsync()
        {
            const int Count = 1_000;
            Journal.OnReadHighest = async (id, _) =>
            {
                lock (_gate)
                {
                    _begun.Add(id);
                    _most = Math.Max(_most, ++_recovering);
                }

                await Task.Yield();
            };
            var actors = new IActorRef[Count];
            for (var i = 0; i < Count; i++)
            {
                Journal.Add(ScriptedJournal.Event($"{i}", 1, i));
                actors[i] = Start($"{i}", script => script with
                {
                    OnRecover = (_, e) =>
                    {
                        lock (_gate)
                        {
                            _recovering -= e is int ? 1 : 0;
                        }
                    },
                });
            }

            for (var i = 0; i < Count; i++)
            {
                Assert.Equal([i], (await StateOf(actors[i])).Events);
            }

            Assert.InRange(_most, 2, 5);
            Assert.Equal(Count, _begun.Distinct().Count());
        }

        public async Task CheckStoppedOnesAsync()
        {
            Journal.OnReadHighest = (id, token) =>
            {
                TestActor.Tell(id);
                return Task.Delay(Timeout.InfiniteTimeSpan, token);
            };
            var stuck = Enumerable.Range(0, 5).Select(_ => Start("stuck")).ToArray();
            for (var i = 0; i < 5; i++)
            {
                await ExpectMsgAsync("stuck");
            }

            Journal.OnReadHighest = null;
            var waiting = Enumerable.Range(0, 5).Select(i => Start($"waiting {i}")).ToArray();
            foreach (var actor in stuck.Concat(waiting))
            {
                await WatchAsync(actor);
            }

            var last = StateOf(Start("last"));
            await ExpectNoMsgAsync();
            Assert.False(last.IsCompleted);
            for (var i = 0; i < 4; i++)
            {
                Sys.Stop(waiting[i]);
                await ExpectTerminatedAsync(waiting[i]);
            }

            Sys.Stop(stuck[0]);
            await ExpectTerminatedAsync(stuck[0]);
            await last;
            Assert.Empty((await StateOf(waiting[4])).Events);
        }
    }
}
