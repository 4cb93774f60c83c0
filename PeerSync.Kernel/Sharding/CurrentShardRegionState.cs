using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>The shards of a region with their entities: the answer to <see cref="GetShardRegionState"/>.</summary>
public sealed class CurrentShardRegionState
{
    /// <summary>Creates the answer.</summary>
    /// <param name="shards">The shards that have entities.</param>
    public CurrentShardRegionState(IImmutableSet<ShardState> shards)
    {
        Shards = shards;
    }

    /// <summary>The shards that have entities.</summary>
    public IImmutableSet<ShardState> Shards { get; }
}
