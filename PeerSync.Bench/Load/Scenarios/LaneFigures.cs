using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Load.Scenarios;

/// <summary>What lanes have carried in a while.</summary>
/// <param name="Messages">Messages that have arrived over the lanes.</param>
/// <param name="Counted">Messages that the group's other connections have received.</param>
/// <param name="Usage">What it took.</param>
internal sealed record LaneFigures(long Messages, long Counted, Usage Usage)
{
    /// <summary>All that have arrived.</summary>
    public long Deliveries => Messages + Counted;
}
