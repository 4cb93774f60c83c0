using System.Diagnostics;
using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How many messages per second reach one receiver, from the first told to the last processed.</summary>
internal static class TellBenchmark
{
    private const int Messages = 2_000_000;

    private static readonly object Message = new();

    public static double Actor(int producers)
    {
        using var system = ActorSystem.Create("bench");
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new Actors.Counter(Messages, done)));
        return Measure(producers, () => actor.Tell(Message, null), done.Task, system);
    }

    public static double Region()
    {
        using var system = ActorSystem.Create("bench");
        var done = new TaskCompletionSource();
        var region = ClusterSharding.Get(system).Start(
            "bench",
            Props.Create(() => new Actors.Counter(Messages, done)),
            ClusterShardingSettings.Create(system),
            new Actors.OneEntity());
        return Measure(1, () => region.Tell(Message, null), done.Task, system);
    }

    public static double Channel(int producers)
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
        var reader = Task.Run(async () =>
        {
            var count = 0;
            while (await channel.Reader.WaitToReadAsync())
            {
                while (channel.Reader.TryRead(out _))
                {
                    if (++count == Messages)
                    {
                        return;
                    }
                }
            }
        });
        return Measure(producers, () => channel.Writer.TryWrite(Message), reader, system: null);
    }

    private static double Measure(int producers, Action tell, Task done, ActorSystem? system)
    {
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, producers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < Messages / producers; i++)
            {
                tell();
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        done.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started);
        Array.ForEach(threads, thread => thread.Join());
        system?.Terminate().Wait();
        return Messages / elapsed.TotalSeconds;
    }
}
