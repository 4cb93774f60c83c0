using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Load;

/// <summary>What a run of the load generator does; each property names its argument and default.</summary>
internal sealed record LoadOptions : PairOptions
{
    public const string Usage = """
        load [--targets peersync,echo,signalr,ws] [--scenarios relay,latency,connects,memory,presence] [--rounds 5] [--seconds 3]
             [--warmup 1] [--pairs 50] [--size 256] [--windows 1,8] [--rate 5000] [--connections 5000] [--settle 15]
             [--memory-rounds 3] [--connects 2000] [--concurrency 64] [--members 100,1000] [--client-threads N] [--gc server|workstation|own]
             [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["echo", "peersync", "signalr", "ws"];
    public static readonly string[] AllScenarios = ["relay", "latency", "connects", "memory", "presence"];

    public LoadOptions()
        : base(AllTargets, AllScenarios)
    {
        Rounds = 5;
        Runtime = new DotNetSettings(IsServerGc: true);

        // One for every four processors.
        ClientThreads = Math.Max(1, Environment.ProcessorCount / 4);
    }

    /// <summary>--size: characters of a message's content.</summary>
    public int Size { get; private set; } = 256;

    /// <summary>--rate: messages a second, over all pairs, when latency is measured.</summary>
    public int Rate { get; private set; } = 5000;

    /// <summary>--connections: idle connections whose memory is measured.</summary>
    public int Connections { get; private set; } = 5000;

    /// <summary>--memory-rounds: rounds of the memory scenario, each with new processes.</summary>
    public int MemoryRounds { get; private set; } = 3;

    /// <summary>--connects: connections that log in in one round of the connects scenario.</summary>
    public int Connects { get; private set; } = 2000;

    /// <summary>--members: sizes of the network in the presence scenario.</summary>
    public IReadOnlyList<int> Members { get; private set; } = [100, 1000];

    /// <inheritdoc cref="MeasuringOptions.Parse{TOptions}"/>
    public static LoadOptions Parse(IReadOnlyList<string> args) => Parse<LoadOptions>("load", args);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--size":
                Size = Arguments.Integer(name, value, 1, 60_000);
                return true;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--connections":
                Connections = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--memory-rounds":
                MemoryRounds = Arguments.Integer(name, value, 1, 100);
                return true;
            case "--connects":
                Connects = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--members":
                Members = Arguments.Integers(name, value, 1, 10_000);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
