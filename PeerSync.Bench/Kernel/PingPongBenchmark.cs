using System.Diagnostics;
using System.Threading.Channels;
using PeerSync.Kernel;

namespace PeerSync.Bench.Kernel;

/// <summary>How many times per second a message goes back and forth between two receivers.</summary>
internal static class PingPongBenchmark
{
    private const int RoundTrips = 200_000;

    private static readonly object Ball = new();

    public static double Actors(int pairs)
    {
        using var system = ActorSystem.Create("bench");
        using var done = new CountdownEvent(pairs);
        var pings = Enumerable.Range(0, pairs).Select(_ =>
        {
            var pong = system.ActorOf(Props.Create(() => new Actors.Pong()));
            return system.ActorOf(Props.Create(() => new Actors.Ping(pong, RoundTrips / pairs, done)));
        }).ToArray();
        var started = Stopwatch.GetTimestamp();
        Array.ForEach(pings, ping => ping.Tell(Ball, null));
        done.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started);
        system.Terminate().Wait();
        return RoundTrips / elapsed.TotalSeconds;
    }

    public static double Channels(int pairs)
    {
        var options = new UnboundedChannelOptions { SingleReader = true };
        var loops = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var pair = 0; pair < pairs; pair++)
        {
            var ping = Channel.CreateUnbounded<object>(options);
            var pong = Channel.CreateUnbounded<object>(options);
            loops.Add(Task.Run(async () =>
            {
                for (var i = 0; i < RoundTrips / pairs; i++)
                {
                    var ball = await ping.Reader.ReadAsync();
                    pong.Writer.TryWrite(ball);
                }
            }));
            _ = Task.Run(async () =>
            {
                for (var i = 0; i < RoundTrips / pairs; i++)
                {
                    var ball = await pong.Reader.ReadAsync();
                    ping.Writer.TryWrite(ball);
                }
            });
            ping.Writer.TryWrite(Ball);
        }

        Task.WaitAll(loops);
        return RoundTrips / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
