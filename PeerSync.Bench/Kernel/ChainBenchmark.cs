using System.Diagnostics;
using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How long one message takes through six receivers that were all idle: the way of a relayed message from socket to socket.</summary>
internal static class ChainBenchmark
{
    private const int Hops = 6;
    private const int Messages = 20_000;

    public static double Actors()
    {
        using var system = ActorSystem.Create("bench");
        var next = system.ActorOf(Props.Create(() => new Actors.Last()));
        for (var i = 1; i < Hops; i++)
        {
            var target = next;
            next = system.ActorOf(Props.Create(() => new Actors.Hop(target)));
        }

        using var arrived = new SemaphoreSlim(0);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Messages; i++)
        {
            next.Tell(arrived, null);
            arrived.Wait();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        system.Terminate().Wait();
        return elapsed.TotalMicroseconds / Messages;
    }

    public static double Channels()
    {
        var options = new UnboundedChannelOptions { SingleReader = true };
        var channels = Enumerable.Range(0, Hops).Select(_ => Channel.CreateUnbounded<SemaphoreSlim>(options)).ToArray();
        for (var i = 0; i < Hops; i++)
        {
            var reader = channels[i].Reader;
            var next = i + 1 < Hops ? channels[i + 1].Writer : null;
            _ = Task.Run(async () =>
            {
                await foreach (var message in reader.ReadAllAsync())
                {
                    if (next is null)
                    {
                        message.Release();
                    }
                    else
                    {
                        next.TryWrite(message);
                    }
                }

                next?.TryComplete();
            });
        }

        using var arrived = new SemaphoreSlim(0);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Messages; i++)
        {
            channels[0].Writer.TryWrite(arrived);
            arrived.Wait();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        channels[0].Writer.Complete();
        return elapsed.TotalMicroseconds / Messages;
    }
}
