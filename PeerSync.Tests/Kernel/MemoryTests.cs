using PeerSync.Kernel;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Kernel;

/// <summary>Tests that measure the memory of the process: nothing else may run beside them.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly ActorSystem _system;

    public MemoryTests()
    {
        _system = ActorSystem.Create("memory", new ActorSystemSettings { TimeProvider = _time });
    }

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Deadline);

    [Fact]
    public async Task AMailboxThatHadGrownGivesItsMemoryUp()
    {
        var measured = new long[5];
        for (var round = 0; round < measured.Length; round++)
        {
            var actors = await StartAsync(200);
            foreach (var actor in actors)
            {
                // Within a turn of this thread, so that the actor runs only when all of them wait.
                DispatcherTurn.Enter();
                for (var i = 0; i < 200; i++)
                {
                    actor.Tell(i);
                }

                DispatcherTurn.Exit();
            }

            await SyncAsync(actors);
            var grown = GC.GetTotalMemory(forceFullCollection: true);
            _time.Advance(_system.Settings.MailboxTrimInterval);
            await SyncAsync(actors);
            measured[round] = grown - GC.GetTotalMemory(forceFullCollection: true);
        }

        // 200 mailboxes of 256 slots are 1.2 MB. What earlier tests left behind may show in one of the measurements, but not in most of them.
        Array.Sort(measured);
        Assert.InRange(measured[measured.Length / 2], 1_000_000, 1_400_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnIdleActorCostsAtMost400Bytes(bool told)
    {
        const int Count = 20_000;
        var measured = new double[5];
        for (var i = 0; i < measured.Length; i++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var actors = await StartAsync(Count);
            if (told)
            {
                await SyncAsync(actors);
            }

            measured[i] = (double)(GC.GetTotalMemory(forceFullCollection: true) - before - (Count * IntPtr.Size)) / Count;
            GC.KeepAlive(actors);
        }

        // What earlier tests left behind may be freed during a measurement, but not during most of them.
        Array.Sort(measured);
        Assert.InRange(measured[measured.Length / 2], 100, 400);
    }

    [Fact]
    public async Task ATellAllocatesNothing()
    {
        var message = new object();
        var actor = (await StartAsync(1))[0];
        await TellAsync(1_000);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await TellAsync(100_000);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 100_000.0;

        // What remains are the questions that wait for each batch, and a ring or two of the queue.
        Assert.InRange(each, 0, 4);

        async Task TellAsync(int count)
        {
            for (var sent = 0; sent < count; sent += 500)
            {
                for (var i = 0; i < 500; i++)
                {
                    actor.Tell(message, null);
                }

                await SyncAsync([actor]);
            }
        }
    }

    private async Task<IActorRef[]> StartAsync(int count)
    {
        var counter = new CountingActor.Counter();
        var props = Props.Create(() => new Silent(counter));
        var actors = Enumerable.Range(0, count).Select(_ => _system.ActorOf(props)).ToArray();
        using var deadline = new CancellationTokenSource(Deadline);
        while (counter.Value < count)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return actors;
    }

    private static async Task SyncAsync(IActorRef[] actors)
    {
        foreach (var actor in actors)
        {
            await actor.Ask<Done>("sync", CancellationToken.None).WaitAsync(Deadline);
        }
    }

    private sealed class Silent(CountingActor.Counter started) : UntypedActor
    {
        protected override void PreStart() => started.Increment();

        protected override void OnReceive(object message)
        {
            if (message is "sync")
            {
                Sender.Tell(Done.Instance);
            }
        }
    }
}
