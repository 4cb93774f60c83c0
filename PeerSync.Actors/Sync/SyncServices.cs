using PeerSync.Kernel;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Journal;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>What every connection of the Sync feature works with.</summary>
/// <param name="Regions">The feature's entities.</param>
/// <param name="Settings">The feature's settings.</param>
/// <param name="Identity">The server's key.</param>
/// <param name="Pairings">Pairing codes.</param>
/// <param name="Events">The journal, for replays.</param>
/// <param name="Cursors">Who keeps what devices have confirmed.</param>
/// <param name="Sessions">Remembers who logged in from where.</param>
/// <param name="Limits">The budgets that span connections.</param>
/// <param name="Counters">What the metrics read.</param>
/// <param name="Time">The clock.</param>
public sealed record SyncServices(
    SyncRegions Regions,
    SyncSettings Settings,
    SyncServerIdentity Identity,
    ISyncPairings Pairings,
    IEventQueries Events,
    IActorRef Cursors,
    ISyncSessionLog Sessions,
    ISyncLimits Limits,
    SyncCounters Counters,
    TimeProvider Time);
