using PeerSync.Actors.Identity;

namespace PeerSync.Actors.Peers;

/// <summary>What every connection of the Peers feature works with.</summary>
/// <param name="Regions">The feature's entities.</param>
/// <param name="Settings">The feature's settings.</param>
/// <param name="Verifier">Verifies tokens.</param>
/// <param name="Limits">The budgets that span connections.</param>
/// <param name="Counters">What the metrics read.</param>
/// <param name="Time">The clock.</param>
public sealed record PeersServices(
    PeersRegions Regions,
    PeersSettings Settings,
    ITokenVerifier Verifier,
    IPeersLimits Limits,
    PeersCounters Counters,
    TimeProvider Time);
