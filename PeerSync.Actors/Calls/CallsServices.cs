using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>What every socket of the Calls feature works with.</summary>
/// <param name="Entities">Devices and calls.</param>
/// <param name="Settings">The feature's settings.</param>
/// <param name="Tokens">Verifies tokens.</param>
/// <param name="Counters">What the metrics read.</param>
/// <param name="Time">The clock.</param>
public sealed record CallsServices(CallsEntities Entities, CallSettings Settings, CallsTokens Tokens, CallsCounters Counters, TimeProvider Time);
