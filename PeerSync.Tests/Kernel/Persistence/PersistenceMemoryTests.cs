using PeerSync.Kernel;

namespace PeerSync.Tests.Kernel.Persistence;

/// <summary>Measures allocations of the process: nothing else may run beside it.</summary>
[Collection(nameof(MemoryTests))]
public sealed class PersistenceMemoryTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly NullJournal _journal = new();
    private readonly ActorSystem _system;

    public PersistenceMemoryTests()
    {
        _system = ActorSystem.Create("memory", new ActorSystemSettings { Journal = _journal });
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Deadline);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task APersistedEventAllocatesLittleBesidesItself(bool commandsWait)
    {
        const int Count = 50_000;
        var actor = _system.ActorOf(Props.Create(() => new Persisting(commandsWait)));
        var e = new object();
        await TellAsync(2_000);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await TellAsync(Count);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count;

        // The journal's task and thread hop of each write included, and with waiting commands each event is a write of its own.
        Assert.InRange(each, 56, commandsWait ? 200 : 150);

        async Task TellAsync(int count)
        {
            for (var sent = 0; sent < count; sent += 500)
            {
                for (var i = 0; i < 500; i++)
                {
                    actor.Tell(e, null);
                }

                await actor.Ask<Done>("sync", CancellationToken.None).WaitAsync(Deadline);
            }
        }
    }

    [Fact]
    public async Task AnIdlePersistentActorIsSmall()
    {
        const int Count = 5_000;
        var measured = new double[5];
        for (var i = 0; i < measured.Length; i++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var actors = Enumerable.Range(0, Count).Select(_ => _system.ActorOf(Props.Create(() => new Persisting(true)))).ToArray();
            foreach (var actor in actors)
            {
                await actor.Ask<Done>("sync", CancellationToken.None).WaitAsync(Deadline);
            }

            measured[i] = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
            GC.KeepAlive(actors);
        }

        Array.Sort(measured);
        Assert.InRange(measured[measured.Length / 2], 400, 2_000);
    }

    private sealed class Persisting(bool commandsWait) : UntypedPersistentActor
    {
        private static readonly Action<object> Handler = static _ => { };

        public override string PersistenceId => "memory";

        protected override void OnCommand(object message)
        {
            if (message is "sync")
            {
                Sender.Tell(Done.Instance);
            }
            else if (commandsWait)
            {
                Persist(message, Handler);
            }
            else
            {
                PersistAsync(message, Handler);
            }
        }

        protected override void OnRecover(object message)
        {
        }
    }

    /// <summary>Keeps nothing; a write takes a hop to another thread.</summary>
    private sealed class NullJournal : AsyncWriteJournal, IThreadPoolWorkItem
    {
        private TaskCompletionSource? _write;

        public override Task WriteMessagesAsync(IReadOnlyList<Persistent> messages)
        {
            _write = new TaskCompletionSource();
            var task = _write.Task;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return task;
        }

        public void Execute() => _write!.SetResult();

        public override Task ReplayMessagesAsync(
            string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
            Task.FromResult(0L);

        public override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
