using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Calls;

/// <summary>What a run of the Calls benchmark does; each property names its argument and default.</summary>
internal sealed record CallsOptions
{
    public const string Usage = """
        calls [--targets peersync,socketio] [--scenarios signals,connects,memory] [--rounds 3] [--seconds 3] [--warmup 1] [--pairs 50]
              [--windows 1,8] [--connects 2000] [--connections 5000] [--settle 5] [--concurrency 64] [--client-threads 1]
              [--gc own|server|workstation] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync", "socketio"];
    public static readonly string[] AllScenarios = ["signals", "connects", "memory"];

    /// <summary>--targets: what is measured.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = AllTargets;

    /// <summary>--scenarios: which measurements are made.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = AllScenarios;

    /// <summary>--rounds: how often each figure is measured, the targets taking turns.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>--seconds: how long signals are measured.</summary>
    public double Seconds { get; private set; } = 3;

    /// <summary>--warmup: seconds of the same load before that.</summary>
    public double Warmup { get; private set; } = 1;

    /// <summary>The warm-up of a server that has just been started: its code is not yet compiled for speed.</summary>
    public TimeSpan FirstWarmup => TimeSpan.FromSeconds(Warmup * 5);

    /// <summary>--pairs: calls whose two devices signal at the same time.</summary>
    public int Pairs { get; private set; } = 50;

    /// <summary>--windows: signals in flight in each direction of each call.</summary>
    public IReadOnlyList<int> Windows { get; private set; } = [1, 8];

    /// <summary>--connects: connections that authenticate in one round of the connects scenario.</summary>
    public int Connects { get; private set; } = 2000;

    /// <summary>--connections: idle connections whose memory is measured.</summary>
    public int Connections { get; private set; } = 5000;

    /// <summary>--settle: seconds after which memory is read a second time.</summary>
    public double Settle { get; private set; } = 5;

    /// <summary>--concurrency: how many connections authenticate at a time.</summary>
    public int Concurrency { get; private set; } = 64;

    /// <summary>--client-threads: event loops of the client.</summary>
    public int ClientThreads { get; private set; } = 1;

    /// <summary>--gc: PeerSync's collector; its own unless another is named.</summary>
    public DotNetSettings Runtime { get; private set; } = new(IsServerGc: null);

    /// <summary>--limit-minutes: after that the run gives up and prints what it has.</summary>
    public double LimitMinutes { get; private set; } = 40;

    /// <summary>--server: PeerSync's executable or assembly; the one beside the bench when it is not given.</summary>
    public string ServerPath { get; private set; } = PeerSyncServer.DefaultPath;

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static CallsOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CallsOptions();
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
            case "--windows":
                Windows = Arguments.Integers(name, value, 1, 1000);
                break;
            case "--connects":
                Connects = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--connections":
                Connections = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--settle":
                Settle = Arguments.Number(name, value, 0, 600);
                break;
            case "--concurrency":
                Concurrency = Arguments.Integer(name, value, 1, 10_000);
                break;
            case "--client-threads":
                ClientThreads = Arguments.Integer(name, value, 1, 64);
                break;
            case "--gc":
                Runtime = DotNetSettings.Parse(name, value);
                break;
            case "--limit-minutes":
                LimitMinutes = Arguments.Number(name, value, 0.1, 1440);
                break;
            case "--server":
                ServerPath = Path.GetFullPath(value);
                break;
            default:
                throw new ArgumentException($"{name} is not an argument of calls.");
        }
    }
}
