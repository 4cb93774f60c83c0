namespace PeerSync.Bench.Load;

/// <summary>What a run of the load generator does; each property names its argument and default.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        load [--targets peersync,echo,signalr,ws] [--scenarios relay,latency,connects,memory,presence] [--rounds 5] [--seconds 3]
             [--warmup 1] [--pairs 50] [--size 256] [--windows 1,8] [--rate 5000] [--connections 5000] [--settle 15]
             [--memory-rounds 3] [--connects 2000] [--concurrency 64] [--members 100,1000] [--client-threads N] [--gc server|workstation]
             [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["echo", "peersync", "signalr", "ws"];
    public static readonly string[] AllScenarios = ["relay", "latency", "connects", "memory", "presence"];

    /// <summary>--targets: what is measured.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = AllTargets;

    /// <summary>--scenarios: which measurements are made.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = AllScenarios;

    /// <summary>--rounds: how often each figure is measured, the targets taking turns.</summary>
    public int Rounds { get; private set; } = 5;

    /// <summary>--seconds: how long a figure is measured.</summary>
    public double Seconds { get; private set; } = 3;

    /// <summary>--warmup: seconds of the same load before that.</summary>
    public double Warmup { get; private set; } = 1;

    /// <summary>The warm-up of a server that has just been started: its code is not yet compiled for speed.</summary>
    public TimeSpan FirstWarmup => TimeSpan.FromSeconds(Warmup * 3);

    /// <summary>--pairs: pairs that relay at the same time.</summary>
    public int Pairs { get; private set; } = 50;

    /// <summary>--size: characters of a message's content.</summary>
    public int Size { get; private set; } = 256;

    /// <summary>--windows: messages in flight in each direction of each pair.</summary>
    public IReadOnlyList<int> Windows { get; private set; } = [1, 8];

    /// <summary>--rate: messages a second, over all pairs, when latency is measured.</summary>
    public int Rate { get; private set; } = 5000;

    /// <summary>--connections: idle connections whose memory is measured.</summary>
    public int Connections { get; private set; } = 5000;

    /// <summary>--settle: seconds after which memory is read a second time.</summary>
    public double Settle { get; private set; } = 15;

    /// <summary>--memory-rounds: rounds of the memory scenario, each with new processes.</summary>
    public int MemoryRounds { get; private set; } = 3;

    /// <summary>--connects: connections that log in in one round of the connects scenario.</summary>
    public int Connects { get; private set; } = 2000;

    /// <summary>--concurrency: how many of them do so at a time.</summary>
    public int Concurrency { get; private set; } = 64;

    /// <summary>--members: sizes of the network in the presence scenario.</summary>
    public IReadOnlyList<int> Members { get; private set; } = [100, 1000];

    /// <summary>--client-threads: event loops of the client; one for every four processors.</summary>
    public int ClientThreads { get; private set; } = Math.Max(1, Environment.ProcessorCount / 4);

    /// <summary>--gc: the collector of all .NET servers.</summary>
    public bool IsServerGc { get; private set; } = true;

    /// <summary>--limit-minutes: after that the run gives up and prints what it has.</summary>
    public double LimitMinutes { get; private set; } = 40;

    /// <summary>--server: PeerSync's executable or assembly; the one beside the bench when it is not given.</summary>
    public string? ServerPath { get; private set; }

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        var options = new LoadOptions();
        foreach (var (name, value) in Arguments.Read(args))
        {
            options.Set(name, value);
        }

        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--targets":
                Targets = Arguments.Names(name, value, AllTargets);
                break;
            case "--scenarios":
                Scenarios = Arguments.Names(name, value, AllScenarios);
                break;
            case "--rounds":
                Rounds = Arguments.Integer(name, value, 1, 100);
                break;
            case "--seconds":
                Seconds = Arguments.Number(name, value, 0.2, 600);
                break;
            case "--warmup":
                Warmup = Arguments.Number(name, value, 0, 600);
                break;
            case "--pairs":
                Pairs = Arguments.Integer(name, value, 1, 5000);
                break;
            case "--size":
                Size = Arguments.Integer(name, value, 1, 60_000);
                break;
            case "--windows":
                Windows = Arguments.Integers(name, value, 1, 1000);
                break;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--connections":
                Connections = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--settle":
                Settle = Arguments.Number(name, value, 0, 600);
                break;
            case "--memory-rounds":
                MemoryRounds = Arguments.Integer(name, value, 1, 100);
                break;
            case "--connects":
                Connects = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--concurrency":
                Concurrency = Arguments.Integer(name, value, 1, 10_000);
                break;
            case "--members":
                Members = Arguments.Integers(name, value, 1, 10_000);
                break;
            case "--client-threads":
                ClientThreads = Arguments.Integer(name, value, 1, 64);
                break;
            case "--gc":
                IsServerGc = Arguments.Names(name, value, ["server", "workstation"]) is ["server"];
                break;
            case "--limit-minutes":
                LimitMinutes = Arguments.Number(name, value, 0.1, 1440);
                break;
            case "--server":
                ServerPath = Path.GetFullPath(value);
                break;
            default:
                throw new ArgumentException($"{name} is not an argument of load.");
        }
    }
}
