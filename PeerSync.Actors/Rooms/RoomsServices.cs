using PeerSync.Protocol.Rooms;

namespace PeerSync.Actors.Rooms;

/// <summary>What every connection of the Rooms feature works with.</summary>
/// <param name="Regions">The rooms.</param>
/// <param name="Settings">The feature's settings.</param>
/// <param name="Tokens">Verifies tokens.</param>
/// <param name="Revoked">Tells which tokens were revoked.</param>
/// <param name="Counters">What the metrics read.</param>
/// <param name="Audit">Who came and went.</param>
/// <param name="Time">The clock.</param>
public sealed record RoomsServices(
    RoomsRegions Regions, RoomsSettings Settings, RoomsTokens Tokens, IRoomsRevocations Revoked, RoomsCounters Counters, IRoomsAudit Audit, TimeProvider Time);
