using System.Diagnostics;
using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How many receivers per second are started, from the first order until the last one runs.</summary>
internal static class SpawnBenchmark
{
    private const int Count = 200_000;

    public static double Actors()
    {
        using var system = ActorSystem.Create("bench");
        using var running = new CountdownEvent(Count);
        var spawner = system.ActorOf(Props.Create(() => new Actors.Spawner(Count, running)));
        var started = Stopwatch.GetTimestamp();
        spawner.Tell("go", null);
        running.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started);
        system.Terminate().Wait();
        return Count / elapsed.TotalSeconds;
    }

    /// <summary>A channel and a task that reads it: what an actor would be without a kernel.</summary>
    public static double Channels()
    {
        using var running = new CountdownEvent(Count);
        var options = new UnboundedChannelOptions { SingleReader = true };
        var channels = new Channel<object>[Count];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            var channel = channels[i] = Channel.CreateUnbounded<object>(options);
            _ = Task.Run(async () =>
            {
                running.Signal();
                await foreach (var _ in channel.Reader.ReadAllAsync())
                {
                }
            });
        }

        running.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started);
        Array.ForEach(channels, channel => channel.Writer.TryComplete());
        return Count / elapsed.TotalSeconds;
    }
}
