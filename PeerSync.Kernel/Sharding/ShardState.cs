using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>The entities of a shard.</summary>
public sealed class ShardState
{
    /// <summary>Creates the state.</summary>
    /// <param name="shardId">The shard.</param>
    /// <param name="entityIds">The ids of its entities that are alive.</param>
    public ShardState(string shardId, IImmutableSet<string> entityIds)
    {
        ShardId = shardId;
        EntityIds = entityIds;
    }

    /// <summary>The shard.</summary>
    public string ShardId { get; }

    /// <summary>The ids of its entities that are alive.</summary>
    public IImmutableSet<string> EntityIds { get; }
}
