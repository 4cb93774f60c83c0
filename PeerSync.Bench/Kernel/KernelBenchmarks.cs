namespace PeerSync.Bench.Kernel;

/// <summary>Micro-benchmarks of the actor kernel, each beside a bare <c>Channel&lt;T&gt;</c> loop in the same round.</summary>
internal static class KernelBenchmarks
{
    private const int DefaultRounds = 7;

    /// <summary>Runs them and prints a Markdown table.</summary>
    /// <param name="args">The number of rounds; 7 when absent.</param>
    public static int Run(string[] args)
    {
        var rounds = args.Length > 0 && int.TryParse(args[0], out var given) ? given : DefaultRounds;
        Comparison[] comparisons =
        [
            new("tell, 1 producer", "messages/s", () => TellBenchmark.Actor(1), () => TellBenchmark.Channel(1)),
            new("tell, 8 producers", "messages/s", () => TellBenchmark.Actor(8), () => TellBenchmark.Channel(8)),
            new("tell through a shard region", "messages/s", TellBenchmark.Region, () => TellBenchmark.Channel(1)),
            new("ping-pong, 1 pair", "round trips/s", () => PingPongBenchmark.Actors(1), () => PingPongBenchmark.Channels(1)),
            new("ping-pong, 8 pairs", "round trips/s", () => PingPongBenchmark.Actors(8), () => PingPongBenchmark.Channels(8)),
            new("chain of 6 hops, latency", "microseconds", ChainBenchmark.Actors, ChainBenchmark.Channels, LowerIsBetter: true),
            new("started", "actors/s", SpawnBenchmark.Actors, SpawnBenchmark.Channels),
            new("idle, never told", "bytes each", MemoryBenchmark.IdleActors, MemoryBenchmark.IdleChannels, LowerIsBetter: true),
            new("idle, told once", "bytes each", MemoryBenchmark.UsedActors, MemoryBenchmark.UsedChannels, LowerIsBetter: true),
            new("allocated per tell", "bytes", AllocationBenchmark.Actor, AllocationBenchmark.Channel, LowerIsBetter: true),
            new("allocated per tell to a region", "bytes", AllocationBenchmark.Region, AllocationBenchmark.Channel, LowerIsBetter: true),
        ];

        // Once without being counted, so that no round pays for the just-in-time compiler.
        foreach (var comparison in comparisons)
        {
            comparison.Warm();
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var comparison in comparisons)
            {
                comparison.RunRound(round);
            }
        }

        Console.WriteLine("| what | unit | kernel: median (range) | Channel loop: median (range) | kernel / Channel: median (range) |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var comparison in comparisons)
        {
            Console.WriteLine(comparison.Row());
        }

        return 0;
    }
}
