using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How many bytes telling and processing a message allocate in all threads together, the message itself not counted.</summary>
internal static class AllocationBenchmark
{
    private const int Messages = 1_000_000;
    private const int Window = 500;

    private static readonly object Message = new();

    public static double Actor()
    {
        using var system = ActorSystem.Create("bench");
        var state = new Actors.Progress.State();
        var actor = system.ActorOf(Props.Create(() => new Actors.Progress(state)));
        var bytes = Measure(() => actor.Tell(Message, null), state);
        system.Terminate().Wait();
        return bytes;
    }

    public static double Region()
    {
        using var system = ActorSystem.Create("bench");
        var state = new Actors.Progress.State();
        var region = ClusterSharding.Get(system).Start(
            "bench",
            Props.Create(() => new Actors.Progress(state)),
            ClusterShardingSettings.Create(system),
            new Actors.OneEntity());
        var bytes = Measure(() => region.Tell(Message, null), state);
        system.Terminate().Wait();
        return bytes;
    }

    public static double Channel()
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
        var state = new Actors.Progress.State();
        _ = Task.Run(async () =>
        {
            await foreach (var _ in channel.Reader.ReadAllAsync())
            {
                Volatile.Write(ref state.Count, state.Count + 1);
            }
        });
        var bytes = Measure(() => channel.Writer.TryWrite(Message), state);
        channel.Writer.Complete();
        return bytes;
    }

    private static double Measure(Action tell, Actors.Progress.State state)
    {
        Send(tell, state, Window * 10);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Send(tell, state, Messages);
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Messages;
    }

    private static void Send(Action tell, Actors.Progress.State state, int count)
    {
        var start = Volatile.Read(ref state.Count);
        for (var i = 0; i < count; i++)
        {
            while (start + i - Volatile.Read(ref state.Count) > Window)
            {
                Thread.Yield();
            }

            tell();
        }

        while (Volatile.Read(ref state.Count) < start + count)
        {
            Thread.Yield();
        }
    }
}
