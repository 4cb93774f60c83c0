using System.Globalization;

namespace PeerSync.Kernel;

/// <summary>Spreads entities over a fixed number of shards by a hash of their ids that is the same in every process.</summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    private readonly string[] _shardIds;

    /// <summary>Creates an extractor.</summary>
    /// <param name="maxNumberOfShards">How many shards there are: some ten per node, never to be changed later.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfShards);
        MaxNumberOfShards = maxNumberOfShards;
        _shardIds = [.. Enumerable.Range(0, maxNumberOfShards).Select(static i => i.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>How many shards there are.</summary>
    public int MaxNumberOfShards { get; }

    /// <summary>Creates an extractor from functions.</summary>
    /// <param name="maxNumberOfShards">How many shards there are.</param>
    /// <param name="entityIdExtractor">The id of the entity; null for a message that belongs to none.</param>
    /// <param name="messageExtractor">What the entity is told; the message itself when null.</param>
    public static HashCodeMessageExtractor Create(
        int maxNumberOfShards,
        Func<object, string?> entityIdExtractor,
        Func<object, object?>? messageExtractor = null)
    {
        ArgumentNullException.ThrowIfNull(entityIdExtractor);
        return new OfFunctions(maxNumberOfShards, entityIdExtractor, messageExtractor);
    }

    /// <inheritdoc />
    public abstract string? EntityId(object message);

    /// <inheritdoc />
    public virtual object? EntityMessage(object message) => message;

    /// <inheritdoc />
    public virtual string ShardId(string entityId, object? messageHint = null)
    {
        ArgumentNullException.ThrowIfNull(entityId);
        var hash = FnvOffset;
        foreach (var c in entityId)
        {
            hash = (hash ^ c) * FnvPrime;
        }

        return _shardIds[hash % (uint)_shardIds.Length];
    }

    private sealed class OfFunctions(int maxNumberOfShards, Func<object, string?> entityId, Func<object, object?>? entityMessage)
        : HashCodeMessageExtractor(maxNumberOfShards)
    {
        public override string? EntityId(object message) => entityId(message);

        public override object? EntityMessage(object message) => entityMessage is null ? message : entityMessage(message);
    }
}
