using PeerSync.Bench.Load;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Sync;

/// <summary>What a run of the Sync benchmark does; each property names its argument and default.</summary>
internal sealed record SyncOptions : ServerOptions
{
    public const string Usage = """
        sync [--scenario acks,latency,replay,logins,memory,recovery|all] [--engine sqlite|postgres] [--postgres URL] [--devices 100]
             [--size 1024] [--window 32] [--rate N] [--rounds 5] [--seconds 3] [--warmup 2] [--missed 10000] [--replays 1,4] [--logins 2000]
             [--concurrency 64] [--connections 5000] [--history 100000] [--gc server|workstation|own] [--folder PATH] [--limit-minutes 30] [--server PATH]
        """;

    public static readonly string[] AllScenarios = ["acks", "latency", "replay", "logins", "memory", "recovery"];

    public SyncOptions()
    {
        Rounds = 5;
        Runtime = new DotNetSettings(IsServerGc: true);
        LimitMinutes = 30;

        // Before the first round, and a quarter of it before each.
        Warmup = 2;
    }

    /// <summary>--scenario: which measurements are made.</summary>
    public IReadOnlyList<string> Scenarios { get; private set; } = AllScenarios;

    /// <summary>--engine: where the server keeps its data; PostgreSQL's address is --postgres, or else DATABASE_URL.</summary>
    public bool IsPostgres { get; private set; }

    /// <summary>--postgres: the address of a PostgreSQL database.</summary>
    public string? PostgresUrl { get; private set; } = Environment.GetEnvironmentVariable("DATABASE_URL");

    /// <summary>--devices: how many send at the same time; an even number.</summary>
    public int Devices { get; private set; } = 100;

    /// <summary>--size: characters of an event's encrypted payload, which is base64 and so a multiple of four.</summary>
    public int Size { get; private set; } = 1024;

    /// <summary>--window: events that each device has in flight at full load.</summary>
    public int Window { get; private set; } = 32;

    /// <summary>--rate: events a second, over all devices, when latency is measured; half of what was reached at full load when it is not given.</summary>
    public int? Rate { get; private set; }

    /// <summary>--missed: events of each user that a new device has to be sent.</summary>
    public int Missed { get; private set; } = 10_000;

    /// <summary>--replays: how many new devices, each of another user, are served at a time.</summary>
    public IReadOnlyList<int> Replays { get; private set; } = [1, 4];

    /// <summary>--logins: devices that log in in one round.</summary>
    public int Logins { get; private set; } = 2000;

    /// <summary>--connections: idle devices whose memory is measured.</summary>
    public int Connections { get; private set; } = 5000;

    /// <summary>--history: events of the user whose recovery is measured.</summary>
    public int History { get; private set; } = 100_000;

    /// <summary>--folder: where the server's data are kept while it runs. A disk, not memory, or the figures mean nothing.</summary>
    public string Folder { get; private set; } = Path.GetTempPath();

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static SyncOptions Parse(IReadOnlyList<string> args)
    {
        var options = Parse<SyncOptions>("sync", args);
        if (options.IsPostgres && string.IsNullOrWhiteSpace(options.PostgresUrl))
        {
            throw new ArgumentException("--engine postgres needs --postgres or DATABASE_URL.");
        }

        return options.Scenarios.Contains("latency") && !options.Scenarios.Contains("acks") && options.Rate is null
            ? throw new ArgumentException("--scenario latency needs acks as well, or --rate.")
            : options;
    }

    private static int Multiple(string name, string value, int min, int max, int unit)
    {
        var number = Arguments.Integer(name, value, min, max);
        return number % unit == 0 ? number : throw new ArgumentException($"{name} takes a multiple of {unit}.");
    }

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--scenario":
                Scenarios = value == "all" ? AllScenarios : Arguments.Names(name, value, AllScenarios);
                return true;
            case "--engine" when value is "sqlite" or "postgres":
                IsPostgres = value == "postgres";
                return true;
            case "--postgres":
                PostgresUrl = value;
                return true;
            case "--devices":
                Devices = Multiple(name, value, 2, 10_000, 2);
                return true;
            case "--size":
                Size = Multiple(name, value, 4, 60_000, 4);
                return true;
            case "--window":
                Window = Arguments.Integer(name, value, 1, SyncFrames.Capacity);
                return true;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--missed":
                Missed = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--replays":
                Replays = Arguments.Integers(name, value, 1, 1000);
                return true;
            case "--logins":
                Logins = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--connections":
                Connections = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            case "--history":
                History = Arguments.Integer(name, value, 1, 10_000_000);
                return true;
            case "--folder":
                Folder = Path.GetFullPath(value);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
