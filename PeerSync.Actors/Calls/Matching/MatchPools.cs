using PeerSync.Kernel;

namespace PeerSync.Actors.Calls;

/// <summary>The shard region of the match pools.</summary>
public static class MatchPools
{
    // Fixed for good: the shard of an entity is part of what nodes agree on.
    private const int MaxShards = 32;

    /// <summary>Starts the region; once per actor system.</summary>
    /// <param name="system">Where.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="devices">Finds the region of the devices, which take <see cref="ICallsDeviceMessage"/>; asked when the first ticket of a pool comes.</param>
    public static IActorRef Start(ActorSystem system, MatchSettings settings, Func<IActorRef> devices)
    {
        ArgumentNullException.ThrowIfNull(system);

        // A pool says itself when it is over; silence alone does not mean it.
        var options = ClusterShardingSettings.Create(system).WithPassivateIdleAfter(TimeSpan.Zero);
        return ClusterSharding.Get(system).Start("match-pool", Props.Create(() => new MatchPoolActor(settings, devices)), options, new PoolExtractor());
    }

    private sealed class PoolExtractor() : HashCodeMessageExtractor(MaxShards)
    {
        public override string? EntityId(object message) => (message as IMatchPoolMessage)?.Pool;
    }
}
