using PeerSync.Bench.Load;

namespace PeerSync.Bench.Rooms;

/// <summary>What a run of the Rooms benchmark does; each property names its argument and default.</summary>
internal sealed record RoomsOptions : PairOptions
{
    public const string Usage = """
        rooms [--targets peersync,socketio] [--scenarios signals,broadcast,crowd,moves,memory,abuse] [--rounds 3] [--seconds 3] [--warmup 1]
              [--pairs 50] [--windows 1,8] [--members 500] [--rooms 10000] [--movers 300] [--settle 15] [--abusers 20000] [--abuse-seconds 30]
              [--rate 1000] [--concurrency 64] [--client-threads 1] [--gc own|server|workstation] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync", "socketio"];
    public static readonly string[] AllScenarios = ["signals", "broadcast", "crowd", "moves", "memory", "abuse"];

    public RoomsOptions()
        : base(AllTargets, AllScenarios)
    {
    }

    /// <summary>--members: of the one large room.</summary>
    public int Members { get; private set; } = 500;

    /// <summary>--rooms: of three members each, for the crowd.</summary>
    public int Rooms { get; private set; } = 10_000;

    /// <summary>--movers: members that go from room to room.</summary>
    public int Movers { get; private set; } = 300;

    /// <summary>--abusers: sockets that are opened and dropped.</summary>
    public int Abusers { get; private set; } = 20_000;

    /// <summary>--abuse-seconds: the time in which they are.</summary>
    public double AbuseSeconds { get; private set; } = 30;

    /// <summary>--rate: signals a second of the pair beside them.</summary>
    public int Rate { get; private set; } = 1000;

    /// <inheritdoc cref="MeasuringOptions.Parse{TOptions}"/>
    public static RoomsOptions Parse(IReadOnlyList<string> args) => Parse<RoomsOptions>("rooms", args);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--members":
                Members = Arguments.Integer(name, value, 1, 1000);
                return true;
            case "--rooms":
                Rooms = Arguments.Integer(name, value, 1, 50_000);
                return true;
            case "--movers":
                Movers = Arguments.Integer(name, value, 1, 10_000);
                return true;
            case "--abusers":
                Abusers = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--abuse-seconds":
                AbuseSeconds = Arguments.Number(name, value, 0.2, 600);
                return true;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 100_000);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
