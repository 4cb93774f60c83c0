using PeerSync.Bench.Load;

namespace PeerSync.Bench.Journal;

/// <summary>What a run of the journal's benchmark does; each property names its argument and default.</summary>
internal sealed record JournalOptions
{
    public const string Usage = """
        journal [--engine sqlite|postgres] [--url postgres://...] [--folder PATH] [--actors 100] [--outstanding 1,16] [--batch 1] [--size 1024]
                [--rounds 3] [--seconds 3] [--warmup 2]
        """;

    /// <summary>--engine: which database; PostgreSQL's address is --url, or else DATABASE_URL.</summary>
    public bool IsPostgres { get; private set; }

    /// <summary>--url: the address of an empty PostgreSQL database.</summary>
    public string? Url { get; private set; } = Environment.GetEnvironmentVariable("DATABASE_URL");

    /// <summary>--folder: where SQLite's file is made, and removed afterwards. A disk, not memory, or the figures mean nothing.</summary>
    public string Folder { get; private set; } = Path.GetTempPath();

    /// <summary>--actors: how many write at the same time.</summary>
    public int Actors { get; private set; } = 100;

    /// <summary>--outstanding: how many writes each of them has in flight.</summary>
    public IReadOnlyList<int> Outstanding { get; private set; } = [1, 16];

    /// <summary>--batch: events in a write.</summary>
    public int Batch { get; private set; } = 1;

    /// <summary>--size: bytes of an event.</summary>
    public int Size { get; private set; } = 1024;

    /// <summary>--rounds: how often each figure is measured.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>--seconds: how long a figure is measured.</summary>
    public int Seconds { get; private set; } = 3;

    /// <summary>--warmup: seconds of the same load before the first round.</summary>
    public int Warmup { get; private set; } = 2;

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static JournalOptions Parse(IReadOnlyList<string> args)
    {
        var options = new JournalOptions();
        foreach (var (name, value) in Arguments.Read(args))
        {
            options.Set(name, value);
        }

        return options.IsPostgres && string.IsNullOrWhiteSpace(options.Url)
            ? throw new ArgumentException("--engine postgres needs --url or DATABASE_URL.")
            : options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--engine" when value is "sqlite" or "postgres":
                IsPostgres = value == "postgres";
                break;
            case "--url":
                Url = value;
                break;
            case "--folder":
                Folder = Path.GetFullPath(value);
                break;
            case "--actors":
                Actors = Arguments.Integer(name, value, 1, 100_000);
                break;
            case "--outstanding":
                Outstanding = Arguments.Integers(name, value, 1, 10_000);
                break;
            case "--batch":
                Batch = Arguments.Integer(name, value, 1, 10_000);
                break;
            case "--size":
                Size = Arguments.Integer(name, value, 1, 1_000_000);
                break;
            case "--rounds":
                Rounds = Arguments.Integer(name, value, 1, 100);
                break;
            case "--seconds":
                Seconds = Arguments.Integer(name, value, 1, 600);
                break;
            case "--warmup":
                Warmup = Arguments.Integer(name, value, 0, 600);
                break;
            default:
                throw new ArgumentException($"{name} {value} is not an argument of journal.");
        }
    }
}
