using PeerSync.Kernel;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>What every connection of the feed works with.</summary>
/// <param name="Hub">The feed's actor.</param>
/// <param name="Feed">The events that are kept.</param>
/// <param name="Identities">Tells whose a token is.</param>
/// <param name="Options">The feed's settings.</param>
/// <param name="Counters">What the metrics read.</param>
/// <param name="Time">The clock.</param>
public sealed record FeedServices(
    IActorRef Hub, ISharingFeed Feed, IFeedIdentities Identities, FeedOptions Options, FeedCounters Counters, TimeProvider Time);
