using PeerSync.Kernel;

namespace PeerSync.Actors.Rooms;

/// <summary>The shard region of the Rooms feature, and the list of rooms that exist. Started once per actor system.</summary>
public sealed class RoomsRegions
{
    // Fixed for good: the shard of an entity is part of what nodes agree on.
    private const int MaxShards = 128;

    private RoomsRegions(IActorRef rooms, IActorRef index)
    {
        Rooms = rooms;
        Index = index;
    }

    /// <summary>Rooms, by their names on the wire.</summary>
    public IActorRef Rooms { get; private set; }

    /// <summary>Knows which rooms exist: answers <see cref="ListRooms"/> and sweeps them.</summary>
    public IActorRef Index { get; }

    /// <summary>Starts the region.</summary>
    /// <param name="system">Where.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="counters">What the metrics read.</param>
    /// <param name="audit">Who came and went.</param>
    public static RoomsRegions Start(ActorSystem system, RoomsSettings settings, RoomsCounters counters, IRoomsAudit audit)
    {
        ArgumentNullException.ThrowIfNull(system);
        var index = system.ActorOf(Props.Create(() => new RoomsIndexActor(settings)), "rooms-index");

        // A room says itself when it is over; silence alone does not mean it.
        var options = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        var rooms = ClusterSharding.Get(system).Start(
            "room", Props.Create(() => new RoomActor(settings, counters, audit, index)), options, new RoomExtractor());
        index.Tell(new RoomsStarted(rooms), ActorRefs.NoSender);
        return new RoomsRegions(rooms, index);
    }

    private sealed class RoomExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as IRoomMessage)?.RoomId;
    }
}
