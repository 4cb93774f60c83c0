using System.Globalization;

namespace PeerSync.Bench.Calls;

/// <summary>What a run of the matching benchmark does; each property names its argument and default.</summary>
internal sealed record MatchOptions
{
    public const string Usage = """
        match [--tickets 10000,100000] [--mixes crowd,stranded,feuds,arrivals] [--rounds 3] [--seconds 5] [--warmup 1] [--rate 500]
              [--limit-minutes 20]
        """;

    /// <summary>--tickets: how many wait, at all times.</summary>
    public IReadOnlyList<int> Tickets { get; private set; } = [10_000, 100_000];

    /// <summary>--mixes: who they are; see <see cref="MatchMix"/>.</summary>
    public IReadOnlyList<MatchMix> Mixes { get; private set; } = Enum.GetValues<MatchMix>();

    /// <summary>--rounds: how often each figure is measured, the mixes taking turns.</summary>
    public int Rounds { get; private set; } = 3;

    /// <summary>--seconds: how long a figure is measured.</summary>
    public double Seconds { get; private set; } = 5;

    /// <summary>--warmup: seconds of the same load before that.</summary>
    public double Warmup { get; private set; } = 1;

    /// <summary>--rate: arrivals in a second of the pool's time, at random intervals. Decides how much relaxation falls due beside them, not how fast they are made.</summary>
    public int Rate { get; private set; } = 500;

    /// <summary>--limit-minutes: after that the run is given up.</summary>
    public int LimitMinutes { get; private set; } = 20;

    /// <exception cref="ArgumentException">An argument is unknown or its value is out of range; the message says which.</exception>
    public static MatchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new MatchOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                throw new ArgumentException($"{args[i]} has no value.");
            }

            options.Set(args[i], args[i + 1]);
        }

        return options;
    }

    private static int Integer(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name} takes whole numbers from {min} to {max}.");

    private static double Number(string name, string value, double max) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new ArgumentException($"{name} takes a number up to {max}.");

    private static MatchMix Mix(string name, string value) =>
        Enum.GetValues<MatchMix>().Where(mix => mix.ToString().Equals(value, StringComparison.OrdinalIgnoreCase)).Select(mix => (MatchMix?)mix).FirstOrDefault()
        ?? throw new ArgumentException($"{name} does not know {value}.");

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--tickets":
                Tickets = value.Split(',').Select(part => Integer(name, part, 1, 1_000_000)).ToArray();
                break;
            case "--mixes":
                Mixes = value.Split(',').Select(part => Mix(name, part)).ToArray();
                break;
            case "--rounds":
                Rounds = Integer(name, value, 1, 100);
                break;
            case "--seconds":
                Seconds = Number(name, value, 600);
                break;
            case "--warmup":
                Warmup = Number(name, value, 600);
                break;
            case "--rate":
                Rate = Integer(name, value, 1, 1_000_000);
                break;
            case "--limit-minutes":
                LimitMinutes = Integer(name, value, 1, 600);
                break;
            default:
                throw new ArgumentException($"{name} is not an argument of match.");
        }
    }
}
