namespace PeerSync.Kernel;

/// <summary>Says to which entity a message belongs. Pure functions, called by every thread that tells a region something; they must not throw.</summary>
public interface IMessageExtractor
{
    /// <summary>The id of the entity; null for a message that belongs to none.</summary>
    string? EntityId(object message);

    /// <summary>What the entity is told.</summary>
    object? EntityMessage(object message);

    /// <summary>The id of the shard that an entity is in.</summary>
    /// <param name="entityId">The id of the entity.</param>
    /// <param name="messageHint">A message to the entity, if there is one.</param>
    string ShardId(string entityId, object? messageHint = null);
}
