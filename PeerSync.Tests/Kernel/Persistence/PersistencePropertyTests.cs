using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>Whatever commands come and whatever fails: what was acknowledged is there after recovery,
/// and every state ever seen was a prefix of what is there.</summary>
public sealed class PersistencePropertyTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What one step of a run does.</summary>
    internal enum Step
    {
        Persist,
        PersistAsync,
        PersistAll,
        Defer,
        FailBefore,
        FailAfter,
        FailInHandler,
        Stop,
        WriteFails,
        WriteFailsButLands,
        WriteIsRejected,
        OtherWriterGoesOn,
        Snapshot,
        Settle,
    }

    [Fact]
    public void AcknowledgedEventsSurviveAndStatesArePrefixes()
    {
        // Commands that come while an incarnation ends are lost with it, so without rests hardly any would be handled.
        var step = Gen.Frequency(
            (10, Gen.Elements(Step.Persist, Step.PersistAsync, Step.PersistAll, Step.Defer, Step.Snapshot)),
            (2, Gen.Elements(Step.FailBefore, Step.FailAfter, Step.FailInHandler, Step.WriteIsRejected)),
            (2, Gen.Elements(Step.Stop, Step.WriteFails, Step.WriteFailsButLands, Step.OtherWriterGoesOn)),
            (3, Gen.Constant(Step.Settle)));
        var written = 0;
        var runs = step.ListOf().Resize(60);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60),
            Prop.ForAll(runs.ToArbitrary(), steps =>
            {
                written += RunAsync([.. steps]).GetAwaiter().GetResult();
            }));
        Assert.InRange(written, 200, int.MaxValue);
    }

    /// <returns>How many events were written.</returns>
    private static async Task<int> RunAsync(Step[] steps)
    {
        var journal = new ScriptedJournal();
        var snapshots = new ScriptedSnapshotStore();
        var faults = new ConcurrentQueue<Step>();
        journal.OnWrite = events => Fault(journal, faults, events);
        var system = ActorSystem.Create("property", new ActorSystemSettings { Journal = journal, SnapshotStore = snapshots });
        try
        {
            var seen = new ConcurrentQueue<Seen>();
            var region = ClusterSharding.Get(system).Start(
                "logs", _ => Props.Create(() => new Log(seen)), ClusterShardingSettings.Create(system), HashCodeMessageExtractor.Create(1, _ => "log"));
            for (var i = 0; i < steps.Length; i++)
            {
                switch (steps[i])
                {
                    case Step.WriteFails or Step.WriteFailsButLands or Step.WriteIsRejected or Step.OtherWriterGoesOn:
                        faults.Enqueue(steps[i]);
                        break;
                    case Step.Stop:
                        region.Tell(new ShardingEnvelope("log", PoisonPill.Instance), null);
                        break;
                    case Step.Settle:
                        await SettleAsync(region);
                        break;
                    default:
                        region.Tell(new Log.Command(steps[i], i), null);
                        break;
                }
            }

            faults.Clear();
            var recovered = await SettleAsync(region);
            var written = journal.EventsOf("log");
            Assert.Equal(Enumerable.Range(1, written.Length).Select(i => (long)i), written.Select(e => e.SequenceNr));
            Assert.Equal(written.Select(e => e.Payload), recovered);
            foreach (var (e, state, lastSequenceNr) in seen)
            {
                Assert.Equal(state.Length, lastSequenceNr);
                Assert.Equal(written.Take(state.Length).Select(w => w.Payload), state);
                Assert.Equal(e, state[^1]);
            }

            // Each once.
            Assert.Equal(written.Length, written.Select(w => w.Payload).Distinct().Count());
            return written.Length;
        }
        finally
        {
            await system.Terminate().WaitAsync(Deadline);
        }
    }

    private static Task? Fault(ScriptedJournal journal, ConcurrentQueue<Step> faults, Persistent[] events)
    {
        if (!faults.TryDequeue(out var fault))
        {
            return null;
        }

        switch (fault)
        {
            case Step.WriteIsRejected:
                throw new NotSupportedException("Cannot serialize.");
            case Step.OtherWriterGoesOn:
                try
                {
                    journal.Store([ScriptedJournal.Event(events[0].PersistenceId, events[0].SequenceNr, Guid.NewGuid().ToString())]);
                }
                catch (JournalConflictException)
                {
                    // There was one already.
                }

                return null;
            default:
                return Task.Run(() =>
                {
                    if (fault == Step.WriteFailsButLands)
                    {
                        journal.Store(events);
                    }

                    throw new JournalUnavailableException("The database is gone.", null);
                });
        }
    }

    /// <summary>Asks until an incarnation has lived long enough to answer: those before it may take the question with them.</summary>
    private static async Task<object[]> SettleAsync(IActorRef region)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            try
            {
                return await region.Ask<object[]>(new Log.Get(), TimeSpan.FromMilliseconds(20));
            }
            catch (AskTimeoutException)
            {
            }
        }
    }

    private sealed record Seen(object Event, object[] State, long LastSequenceNr);

    private sealed class Log : ReceivePersistentActor
    {
        private readonly List<object> _state = [];
        private readonly ConcurrentQueue<Seen> _seen;

        public Log(ConcurrentQueue<Seen> seen)
        {
            _seen = seen;
            Command<Command>(Handle);
            Command<Get>(_ => Defer(Sender, sender => sender.Tell(_state.ToArray())));
            Recover<SnapshotOffer>(offer =>
            {
                _state.Clear();
                _state.AddRange((object[])offer.Snapshot);
            });
            Recover<string>(_state.Add);
        }

        public override string PersistenceId => "log";

        private void Handle(Command command)
        {
            var e = $"{command.Number}";
            switch (command.Step)
            {
                case Step.Persist:
                    Persist(e, Apply);
                    break;
                case Step.PersistAsync:
                    PersistAsync(e, Apply);
                    break;
                case Step.PersistAll:
                    PersistAll([e, e + "+", e + "++"], Apply);
                    break;
                case Step.Defer:
                    PersistAsync(e, Apply);
                    DeferAsync(e, _ => _seen.Enqueue(new Seen(_state[^1], [.. _state], LastSequenceNr)));
                    break;
                case Step.FailBefore:
                    throw new InvalidOperationException("boom");
                case Step.FailAfter:
                    Persist(e, Apply);
                    throw new InvalidOperationException("boom");
                case Step.FailInHandler:
                    Persist(e, persisted =>
                    {
                        Apply(persisted);
                        throw new InvalidOperationException("boom");
                    });
                    break;
                case Step.Snapshot:
                    SaveSnapshot(_state.ToArray());
                    break;
            }
        }

        private void Apply(string e)
        {
            _state.Add(e);
            _seen.Enqueue(new Seen(e, [.. _state], LastSequenceNr));
        }

        internal sealed record Command(Step Step, int Number);

        internal sealed record Get;
    }
}
