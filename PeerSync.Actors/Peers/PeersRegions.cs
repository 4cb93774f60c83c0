using PeerSync.Actors.Sessions;
using PeerSync.Kernel;
using PeerSync.Storage.Peers;

namespace PeerSync.Actors.Peers;

/// <summary>The shard regions of the Peers feature: the only way to its entities. Started once per actor system.</summary>
public sealed class PeersRegions
{
    // Fixed for good: the shard of an entity is part of what nodes agree on.
    private const int MaxShards = 128;

    private PeersRegions(IActorRef peers, IActorRef networks, IActorRef requests, IActorRef sessions)
    {
        Peers = peers;
        Networks = networks;
        Requests = requests;
        Sessions = sessions;
    }

    /// <summary>Users, by user id.</summary>
    public IActorRef Peers { get; private set; }

    /// <summary>Networks, by network id.</summary>
    public IActorRef Networks { get; private set; }

    /// <summary>Connection requests, by request id.</summary>
    public IActorRef Requests { get; private set; }

    /// <summary>Sessions, by session id.</summary>
    public IActorRef Sessions { get; private set; }

    /// <summary>Starts the regions.</summary>
    /// <param name="system">Where.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Users and memberships.</param>
    /// <param name="counters">What the metrics read.</param>
    public static PeersRegions Start(ActorSystem system, PeersSettings settings, IPeerDirectory directory, PeersCounters counters)
    {
        // The entities reach each other through the regions, which exist only after the entities' props do.
        var regions = new PeersRegions(ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody, ActorRefs.Nobody);
        var sharding = ClusterSharding.Get(system);

        // The entities hold what exists nowhere else and say themselves when they are idle; silence alone does not mean it.
        var options = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        regions.Peers = sharding.Start("peer", Props.Create(() => new PeerActor(regions, settings, directory, counters)), options, new PeerExtractor());
        regions.Networks = sharding.Start("network", Props.Create(() => new NetworkActor(regions, counters)), options, new NetworkExtractor());
        regions.Requests = sharding.Start("request", Props.Create(() => new RequestActor(regions, settings, counters)), options, new RequestExtractor());
        regions.Sessions = sharding.Start("session", Props.Create(() => new SessionActor(regions, settings, counters)), options, new SessionExtractor());
        return regions;
    }

    private sealed class PeerExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as IPeerMessage)?.UserId.Value;
    }

    private sealed class NetworkExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as INetworkMessage)?.NetworkId.Value;
    }

    private sealed class RequestExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as IRequestMessage)?.RequestId.Value;
    }

    private sealed class SessionExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as ISessionMessage)?.SessionId.Value;
    }
}
