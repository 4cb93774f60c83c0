using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How much managed memory an idle receiver holds, everything included.</summary>
internal static class MemoryBenchmark
{
    private const int Count = 100_000;

    public static double IdleActors() => Actors(told: false);

    public static double UsedActors() => Actors(told: true);

    public static double IdleChannels() => Channels(told: false);

    public static double UsedChannels() => Channels(told: true);

    private static double Actors(bool told)
    {
        using var system = ActorSystem.Create("bench");
        var props = Props.Create(() => new Actors.Idle());
        var actors = new IActorRef[Count];
        Settle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            actors[i] = system.ActorOf(props);
        }

        if (told)
        {
            Array.ForEach(actors, actor => actor.Tell(actor, null));
        }

        Settle();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(actors);
        system.Terminate().Wait();
        return (double)(after - before) / Count;
    }

    private static double Channels(bool told)
    {
        var options = new UnboundedChannelOptions { SingleReader = true };
        var channels = new Channel<object>[Count];
        Settle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            var channel = channels[i] = Channel.CreateUnbounded<object>(options);
            _ = Task.Run(async () =>
            {
                await foreach (var _ in channel.Reader.ReadAllAsync())
                {
                }
            });
        }

        if (told)
        {
            Array.ForEach(channels, channel => channel.Writer.TryWrite(channel));
        }

        Settle();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Array.ForEach(channels, channel => channel.Writer.TryComplete());
        return (double)(after - before) / Count;
    }

    /// <summary>Waits until the thread pool has nothing left to do.</summary>
    private static void Settle()
    {
        while (ThreadPool.PendingWorkItemCount > 0)
        {
            Thread.Sleep(10);
        }

        Thread.Sleep(100);

        // What finalizers of an earlier benchmark release is collected here and not between two readings.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
