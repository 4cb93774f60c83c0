using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>The shard regions of the Calls feature. Started once per actor system.</summary>
public sealed class CallsEntities
{
    // Fixed for good: the shard of an entity is part of what nodes agree on.
    private const int MaxShards = 128;

    /// <summary>Names regions that are there already.</summary>
    internal CallsEntities(IActorRef devices, IActorRef calls, IActorRef pools)
    {
        Devices = devices;
        Calls = calls;
        Pools = pools;
    }

    /// <summary>Devices by their ids; they take <see cref="ICallsDeviceMessage"/>.</summary>
    public IActorRef Devices { get; private set; }

    /// <summary>Calls by their ids; they take <see cref="ICallMessage"/>.</summary>
    public IActorRef Calls { get; private set; }

    /// <summary>Pools by their languages; they take <see cref="IMatchPoolMessage"/>.</summary>
    public IActorRef Pools { get; private set; }

    /// <summary>Starts the regions.</summary>
    /// <param name="system">Where.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Devices, blocks, bans and strikes.</param>
    /// <param name="peerIds">The names under which devices see each other.</param>
    /// <param name="counters">What the metrics read.</param>
    public static CallsEntities Start(
        ActorSystem system, CallSettings settings, ICallsDirectory directory, CallsPeerIds peerIds, CallsCounters counters)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(settings);

        // Entities say themselves when they are over; silence alone does not mean it.
        var options = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        var sharding = ClusterSharding.Get(system);
        var entities = new CallsEntities(ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody);
        entities.Pools = MatchPools.Start(system, settings.Matching, () => entities.Devices);
        entities.Calls = sharding.Start("call", Props.Create(() => new CallActor(entities, settings, counters)), options, new CallExtractor());
        entities.Devices = sharding.Start(
            "calls-device", Props.Create(() => new CallsDeviceActor(entities, settings, directory, peerIds, counters)), options, new DeviceExtractor());
        return entities;
    }

    private sealed class DeviceExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as ICallsDeviceMessage)?.DeviceId;
    }

    private sealed class CallExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as ICallMessage)?.SessionId;
    }
}
