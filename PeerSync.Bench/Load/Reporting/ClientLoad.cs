using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Load.Reporting;

/// <summary>The client's own CPU beside a figure, with a mark when the client may have been the bottleneck.</summary>
internal static class ClientLoad
{
    public const string Note = "`!` after the client's CPU: its threads were busy more than 90 % of the time, so messages a second may be the client's limit; "
        + "messages per server CPU second stay valid.";

    private const double BusyShare = 0.9;

    public static string Describe(TargetRun run, IEnumerable<Usage> usages) => Describe(run.Loops.Count, usages);

    public static string Describe(int threads, IEnumerable<Usage> usages)
    {
        var shares = RangeOf.Of(usages.Select(usage => usage.ClientCpu / usage.Seconds));
        return shares.ToString("F2") + (shares.Max > BusyShare * threads ? " !" : "");
    }
}
