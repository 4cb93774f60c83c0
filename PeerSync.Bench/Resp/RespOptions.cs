using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Resp;

/// <summary>What a run of the benchmark of Sharing's RESP listener does; each property names its argument and default.</summary>
internal sealed record RespOptions
{
    public const string Usage = """
        resp [--targets peersync,redis] [--scenarios memory,fanout] [--rounds 3] [--subscribers 5000] [--events 100] [--warmup 20] [--settle 5]
             [--concurrency 64] [--gc own|server|workstation] [--limit-minutes 40] [--server PATH]
        """;

    public static readonly string[] AllTargets = ["peersync", "redis"];
    public static readonly string[] AllScenarios = ["memory", "fanout"];

    /// <summary>--targets: what is measured.</summary>
    public IReadOnlyList<string> Targets { get; private set; } = AllTargets;

    /// <summary>--scenarios: which measurements are made.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = AllScenarios;

    /// <summary>--rounds: how often each figure is measured, the targets taking turns, each time with new processes.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>--subscribers: connections that have subscribed; fewer than the server lets in by default.</summary>
    public int Subscribers { get; private set; } = 5000;

    /// <summary>--events: published in one round, one after the other.</summary>
    public int Events { get; private set; } = 100;

    /// <summary>--warmup: events published before them: a server that has just been started has code that is not yet compiled for speed.</summary>
    public int Warmup { get; private set; } = 20;

    /// <summary>--settle: seconds after which memory is read a second time.</summary>
    public double Settle { get; private set; } = 5;

    /// <summary>--concurrency: how many connections subscribe at a time.</summary>
    public int Concurrency { get; private set; } = 64;

    /// <summary>--gc: PeerSync's collector; its own unless another is named.</summary>
    public DotNetSettings Runtime { get; private set; } = new(IsServerGc: null);

    /// <summary>--limit-minutes: after that the run gives up and prints what it has.</summary>
    public double LimitMinutes { get; private set; } = 40;

    /// <summary>--server: PeerSync's executable or assembly; the one beside the bench when it is not given.</summary>
    public string ServerPath { get; private set; } = PeerSyncServer.DefaultPath;

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static RespOptions Parse(IReadOnlyList<string> args)
    {
        var options = new RespOptions();
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
            case "--subscribers":
                Subscribers = Arguments.Integer(name, value, 1, 19_000);
                break;
            case "--events":
                Events = Arguments.Integer(name, value, 1, 100_000);
                break;
            case "--warmup":
                Warmup = Arguments.Integer(name, value, 0, 100_000);
                break;
            case "--settle":
                Settle = Arguments.Number(name, value, 0.2, 600);
                break;
            case "--concurrency":
                Concurrency = Arguments.Integer(name, value, 1, 10_000);
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
                throw new ArgumentException($"{name} is not an argument of resp.");
        }
    }
}
