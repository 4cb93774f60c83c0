namespace PeerSync.Kernel;

/// <summary>Messages between regions and those who use them.</summary>
public static class ShardRegion
{
    /// <summary>Starts an entity without telling it anything; answered with <see cref="StartEntityAck"/>.</summary>
    public sealed class StartEntity : IShardRegionCommand
    {
        /// <summary>Creates the message.</summary>
        /// <param name="entityId">The id of the entity.</param>
        public StartEntity(string entityId)
        {
            ArgumentException.ThrowIfNullOrEmpty(entityId);
            EntityId = entityId;
        }

        /// <summary>The id of the entity.</summary>
        public string EntityId { get; }
    }

    /// <summary>An entity was started, or was alive.</summary>
    public sealed class StartEntityAck
    {
        /// <summary>Creates the answer.</summary>
        /// <param name="entityId">The id of the entity.</param>
        /// <param name="shardId">The shard that it is in.</param>
        public StartEntityAck(string entityId, string shardId)
        {
            EntityId = entityId;
            ShardId = shardId;
        }

        /// <summary>The id of the entity.</summary>
        public string EntityId { get; }

        /// <summary>The shard that it is in.</summary>
        public string ShardId { get; }
    }
}
