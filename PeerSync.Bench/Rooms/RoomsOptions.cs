using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Rooms;

/// <summary>What a run of the Rooms benchmark does; each property names its argument and default.</summary>
internal sealed record RoomsOptions
{
    public const string Usage = """
        rooms [--targets peersync,socketio] [--scenarios signals,broadcast,crowd,moves,memory,abuse] [--rounds 3] [--seconds 3] [--warmup 1]
              [--pairs 50] [--windows 1,8] [--members 500] [--rooms 10000] [--movers 300] [--settle 15] [--abusers 20000] [--abuse-seconds 30]
              [--rate 1000] [--concurrency 64] [--client-threads 1] [--gc own|server|workstation] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync", "socketio"];
    public static readonly string[] AllScenarios = ["signals", "broadcast", "crowd", "moves", "memory", "abuse"];

    /// <summary>--targets: what is measured.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = AllTargets;

    /// <summary>--scenarios: which measurements are made.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = AllScenarios;

    /// <summary>--rounds: how often each figure is measured, the targets taking turns.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>--seconds: how long a figure is measured.</summary>
    public double Seconds { get; private set; } = 3;

    /// <summary>--warmup: seconds of the same load before that.</summary>
    public double Warmup { get; private set; } = 1;

    /// <summary>The warm-up of a server that has just been started: its code is not yet compiled for speed.</summary>
    public TimeSpan FirstWarmup => TimeSpan.FromSeconds(Warmup * 5);

    /// <summary>--pairs: rooms of two that signal at the same time.</summary>
    public int Pairs { get; private set; } = 50;

    /// <summary>--windows: signals in flight in each direction of each pair.</summary>
    public IReadOnlyList<int> Windows { get; private set; } = [1, 8];

    /// <summary>--members: of the one large room.</summary>
    public int Members { get; private set; } = 500;

    /// <summary>--rooms: of three members each, for the crowd.</summary>
    public int Rooms { get; private set; } = 10_000;

    /// <summary>--movers: members that go from room to room.</summary>
    public int Movers { get; private set; } = 300;

    /// <summary>--settle: seconds of chat before memory is read, and of silence before it is read again.</summary>
    public double Settle { get; private set; } = 15;

    /// <summary>--abusers: sockets that are opened and dropped.</summary>
    public int Abusers { get; private set; } = 20_000;

    /// <summary>--abuse-seconds: the time in which they are.</summary>
    public double AbuseSeconds { get; private set; } = 30;

    /// <summary>--rate: signals a second of the pair beside them.</summary>
    public int Rate { get; private set; } = 1000;

    /// <summary>--concurrency: how many connections log in at a time.</summary>
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
    public static RoomsOptions Parse(IReadOnlyList<string> args)
    {
        var options = new RoomsOptions();
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
            case "--members":
                Members = Arguments.Integer(name, value, 1, 1000);
                break;
            case "--rooms":
                Rooms = Arguments.Integer(name, value, 1, 50_000);
                break;
            case "--movers":
                Movers = Arguments.Integer(name, value, 1, 10_000);
                break;
            case "--settle":
                Settle = Arguments.Number(name, value, 0, 600);
                break;
            case "--abusers":
                Abusers = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--abuse-seconds":
                AbuseSeconds = Arguments.Number(name, value, 0.2, 600);
                break;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 100_000);
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
                throw new ArgumentException($"{name} is not an argument of rooms.");
        }
    }
}
