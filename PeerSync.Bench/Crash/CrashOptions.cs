using System.Globalization;
using PeerSync.Bench.Load;

namespace PeerSync.Bench.Crash;

/// <summary>What a crash test does; each property names its argument and default.</summary>
internal sealed record CrashOptions
{
    public const string Usage = """
        crash [--kills 25] [--postgres postgres://...] [--seconds-between 0.5-3] [--users 4] [--devices 3] [--window 32] [--rate 50] [--stop 0]
              [--seed N] [--server PATH]
        """;

    /// <summary>--kills: how often the server is killed.</summary>
    public int Kills { get; init; } = 25;

    /// <summary>--postgres: the address of an empty database; SQLite without it.</summary>
    public string? PostgresUrl { get; init; }

    /// <summary>--seconds-between: how long the server lives after it has recovered, at least and at most.</summary>
    public (double Least, double Most) SecondsBetween { get; init; } = (0.5, 3);

    /// <summary>--users: how many users.</summary>
    public int Users { get; init; } = 4;

    /// <summary>--devices: how many devices each of them has. From three on, the last one only listens.</summary>
    public int Devices { get; init; } = 3;

    /// <summary>--window: how many unacknowledged events a device has at most.</summary>
    public int Window { get; init; } = 32;

    /// <summary>--rate: events a second that a device sends on average.</summary>
    public int Rate { get; init; } = 50;

    /// <summary>--stop: for how many seconds the server stands still (SIGSTOP) once in fifty kills; 0 for never.</summary>
    public int StopSeconds { get; init; }

    /// <summary>--seed: repeats the users, payloads and moments of an earlier run, as far as the machine lets it.</summary>
    public int Seed { get; init; } = Environment.TickCount & int.MaxValue;

    /// <summary>How long to wait for what must come about.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>--server: the server's program; the one beside the bench by default.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "peersync.dll");

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static CrashOptions Parse(IReadOnlyList<string> args)
    {
        return Arguments.Read(args).Aggregate(new CrashOptions(), static (options, argument) => options.With(argument.Name, argument.Value));
    }

    private static (double Least, double Most) Range(string name, string value)
    {
        var ends = value.Split('-');
        return ends.Length == 2 && TryReadSeconds(ends[0], out var least) && TryReadSeconds(ends[1], out var most) && least <= most
            ? (least, most)
            : throw new ArgumentException($"{name} takes two numbers of seconds, as in 0.5-3.");
    }

    private static bool TryReadSeconds(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds <= 3600;

    private CrashOptions With(string name, string value) => name switch
    {
        "--kills" => this with { Kills = Arguments.Integer(name, value, 0, 1_000_000) },
        "--postgres" => this with { PostgresUrl = value },
        "--seconds-between" => this with { SecondsBetween = Range(name, value) },
        "--users" => this with { Users = Arguments.Integer(name, value, 1, 1000) },

        // The fifth place is for the device that reads everything at the end.
        "--devices" => this with { Devices = Arguments.Integer(name, value, 1, 4) },
        "--window" => this with { Window = Arguments.Integer(name, value, 1, 10_000) },
        "--rate" => this with { Rate = Arguments.Integer(name, value, 1, 100_000) },
        "--stop" => this with { StopSeconds = Arguments.Integer(name, value, 0, 600) },
        "--seed" => this with { Seed = Arguments.Integer(name, value, 0, int.MaxValue) },
        "--server" => this with { Server = Path.GetFullPath(value) },
        _ => throw new ArgumentException($"{name} is not an argument of crash."),
    };
}
