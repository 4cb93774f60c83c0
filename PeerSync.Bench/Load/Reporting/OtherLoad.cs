using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Load.Reporting;

/// <summary>How much of the machine other programs took while something was measured: figures of a busy machine are not for publication.</summary>
internal static class OtherLoad
{
    public static string Describe(IEnumerable<Usage> measured)
    {
        var others = RangeOf.Of(measured.Where(usage => usage.Seconds > 0).Select(usage => Math.Max(0, usage.OtherCpu / usage.Seconds)));
        return others.Count == 0 ? "" : $"CPU s per s that other programs used during the measurements: {others.ToString("F2")}.";
    }
}
