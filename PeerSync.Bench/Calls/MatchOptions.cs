using PeerSync.Bench.Load;

namespace PeerSync.Bench.Calls;

/// <summary>What a run of the matching benchmark does; each property names its argument and default.</summary>
internal sealed record MatchOptions : MeasuringOptions
{
    public const string Usage = """
        match [--tickets 10000,100000] [--mixes crowd,stranded,feuds,arrivals] [--rounds 3] [--seconds 5] [--warmup 1] [--rate 500]
              [--limit-minutes 20]
        """;

    private static readonly string[] AllMixes = [.. Enum.GetNames<MatchMix>().Select(static name => name.ToLowerInvariant())];

    public MatchOptions()
    {
        Seconds = 5;
        LimitMinutes = 20;
    }

    /// <summary>--tickets: how many wait, at all times.</summary>
    public IReadOnlyList<int> Tickets { get; private set; } = [10_000, 100_000];

    /// <summary>--mixes: who they are; see <see cref="MatchMix"/>.</summary>
    public IReadOnlyList<MatchMix> Mixes { get; private set; } = Enum.GetValues<MatchMix>();

    /// <summary>--rate: arrivals in a second of the pool's time, at random intervals. Decides how much relaxation falls due beside them, not how fast they are made.</summary>
    public int Rate { get; private set; } = 500;

    /// <inheritdoc cref="MeasuringOptions.Parse{TOptions}"/>
    public static MatchOptions Parse(IReadOnlyList<string> args) => Parse<MatchOptions>("match", args);

    /// <inheritdoc/>
    protected override bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--tickets":
                Tickets = Arguments.Integers(name, value, 1, 1_000_000);
                return true;
            case "--mixes":
                Mixes = [.. Arguments.Names(name, value, AllMixes).Select(static mix => Enum.Parse<MatchMix>(mix, ignoreCase: true))];
                return true;
            case "--rate":
                Rate = Arguments.Integer(name, value, 1, 1_000_000);
                return true;
            default:
                return base.TrySet(name, value);
        }
    }
}
