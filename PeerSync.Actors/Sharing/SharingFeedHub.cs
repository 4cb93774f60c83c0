using PeerSync.Kernel;
using PeerSync.Storage.Sharing;

namespace PeerSync.Actors.Sharing;

/// <summary>The feed's actor, for those who are none.</summary>
/// <param name="actor">The actor.</param>
public sealed class SharingFeedHub(IActorRef actor) : ISharingFeedSink, ISharingRevocations
{
    /// <summary>The actor.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>Starts the feed.</summary>
    /// <param name="system">Where.</param>
    /// <param name="feed">The events that are kept.</param>
    /// <param name="options">The feed's settings.</param>
    /// <param name="counters">Where it counts.</param>
    public static SharingFeedHub Start(ActorSystem system, ISharingFeed feed, FeedOptions options, FeedCounters counters)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new SharingFeedHub(system.ActorOf(Props.Create(() => new SharingFeedActor(feed, options, counters)), "sharing-feed"));
    }

    /// <inheritdoc />
    public void Publish(SharingEvent sharingEvent) => Actor.Tell(sharingEvent, ActorRefs.NoSender);

    /// <inheritdoc />
    public void SessionEnded(string userId, string? sessionId) => Actor.Tell(new EndFeedSession(userId, sessionId), ActorRefs.NoSender);
}
