namespace PeerSync.Protocol.Calls;

/// <summary>
/// The regions that the Calls feature knows something about. Others are as good for matching, only nothing is known of them (Calls contract, section 6.4).
/// </summary>
public static class CallsRegions
{
    /// <summary>Meets every other region.</summary>
    public const string Global = "global";

    private const string UsEast = "us-east";
    private const string UsWest = "us-west";
    private const string Europe = "europe";
    private const string Asia = "asia";

    /// <summary>The name for a metric's label: the region where it is known, else <c>other</c>, because clients choose regions freely.</summary>
    public static string Label(string region) => IsKnown(region) ? region : "other";

    /// <summary>How good the way between two regions is, from 1 (slow) to 5.</summary>
    public static int Latency(string first, string second)
    {
        if (first == Global || second == Global)
        {
            return 3;
        }

        if (!IsKnown(first) || !IsKnown(second))
        {
            return 2;
        }

        return first == second ? 5 : (first, second) switch
        {
            (UsEast, UsWest) or (UsWest, UsEast) => 3,
            (Asia, UsEast or Europe) or (UsEast or Europe, Asia) => 1,
            _ => 2,
        };
    }

    /// <summary>How many hours two regions' clocks differ; regions without a known one count as that of UTC.</summary>
    public static int HoursApart(string first, string second) => Math.Abs(Hour(first) - Hour(second));

    private static bool IsKnown(string region) => region is Global or UsEast or UsWest or Europe or Asia;

    private static int Hour(string region) => region switch
    {
        UsEast => -5,
        UsWest => -8,
        Europe => 1,
        Asia => 8,
        _ => 0,
    };
}
