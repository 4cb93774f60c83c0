namespace PeerSync.Kernel;

/// <summary>A message with the id of its entity, which every region understands whatever its extractor says.</summary>
public sealed class ShardingEnvelope
{
    /// <summary>Creates the envelope.</summary>
    /// <param name="entityId">The id of the entity.</param>
    /// <param name="message">What it is told.</param>
    public ShardingEnvelope(string entityId, object message)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        ArgumentNullException.ThrowIfNull(message);
        EntityId = entityId;
        Message = message;
    }

    /// <summary>The id of the entity.</summary>
    public string EntityId { get; }

    /// <summary>What it is told.</summary>
    public object Message { get; }
}
