using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Storage.Journal;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>The shard regions of the Sync feature: the only way to its entities. Started once per actor system.</summary>
public sealed class SyncRegions
{
    // Fixed for good: the shard of an entity is part of what nodes agree on.
    private const int MaxShards = 128;

    private SyncRegions()
    {
        Users = ActorRefs.Nobody;
        Devices = ActorRefs.Nobody;
    }

    /// <summary>Users' streams of events, by user id.</summary>
    public IActorRef Users { get; private set; }

    /// <summary>Devices, by device id.</summary>
    public IActorRef Devices { get; private set; }

    /// <summary>Starts the regions.</summary>
    /// <param name="system">Where; with a journal and a snapshot store.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Users and devices.</param>
    /// <param name="pairings">Pairing codes.</param>
    /// <param name="events">The journal, for deleting.</param>
    /// <param name="counters">What the metrics read.</param>
    public static SyncRegions Start(
        ActorSystem system, SyncSettings settings, ISyncDirectory directory, ISyncPairings pairings, IEventQueries events, SyncCounters counters)
    {
        // The entities reach each other through the regions, which exist only after the entities' props do.
        var regions = new SyncRegions();
        var sharding = ClusterSharding.Get(system);

        // The entities know themselves who is connected; silence alone does not mean that they are idle.
        var options = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        regions.Users = sharding.Start(
            "sync-user",
            userId => Props.Create(() => new SyncUserActor(new UserId(userId), regions, settings, events, counters)),
            options,
            new UserExtractor());
        regions.Devices = sharding.Start(
            "sync-device", Props.Create(() => new SyncDeviceActor(regions, settings, directory, pairings)), options, new DeviceExtractor());
        return regions;
    }

    private sealed class UserExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as ISyncUserMessage)?.UserId.Value;
    }

    private sealed class DeviceExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as ISyncDeviceMessage)?.DeviceId.ToString();
    }
}
