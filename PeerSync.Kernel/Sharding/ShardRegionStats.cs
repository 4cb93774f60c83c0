using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>How many entities the shards of a region have: the answer to <see cref="GetShardRegionStats"/>.</summary>
public sealed class ShardRegionStats
{
    /// <summary>Creates the answer.</summary>
    /// <param name="stats">The number of entities by the id of their shard.</param>
    public ShardRegionStats(IImmutableDictionary<string, int> stats)
    {
        Stats = stats;
    }

    /// <summary>The number of entities by the id of their shard.</summary>
    public IImmutableDictionary<string, int> Stats { get; }
}
