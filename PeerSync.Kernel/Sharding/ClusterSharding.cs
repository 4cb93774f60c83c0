using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Kernel;

/// <summary>Regions of entities: actors that are reached by id through their region, and exist while they are needed. Safe on every thread.</summary>
public sealed class ClusterSharding
{
    private readonly ConcurrentDictionary<string, Lazy<ShardRegionCell>> _regions = new();
    private readonly ActorSystem _system;
    private readonly GuardianCell _guardian;

    private ClusterSharding(ActorSystem system)
    {
        _system = system;
        _guardian = new GuardianCell(
            system,
            system.SystemGuardian,
            Props.Create(static () => new Guardian(new OneForOneStrategy(static _ => Directive.Resume))),
            "sharding");
        system.SystemGuardian.Adopt(_guardian);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, "region-shutdown", ShutDownRegionsAsync);
    }

    /// <summary>The types of entity that were started.</summary>
    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    /// <summary>The only strategy that one node needs.</summary>
    private static IShardAllocationStrategy LocalAllocation { get; } = new LocalAllocationStrategy();

    /// <summary>The sharding of a system.</summary>
    public static ClusterSharding Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.Extension(static system => new ClusterSharding(system));
    }

    /// <summary>Starts the region of a type of entity; returns the one that there is when it was started before.</summary>
    /// <param name="typeName">Names the type of entity; part of the region's path.</param>
    /// <param name="entityProps">How to create an entity of any id.</param>
    /// <param name="settings">What to set about the region.</param>
    /// <param name="messageExtractor">Says to which entity a message belongs.</param>
    /// <returns>The region. What it is told goes straight into the mailbox of the entity, which is created when it is not alive.</returns>
    /// <exception cref="InvalidActorNameException">The name of the type is malformed.</exception>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
    {
        ArgumentNullException.ThrowIfNull(entityProps);
        return Start(typeName, _ => entityProps, settings, messageExtractor, LocalAllocation, PoisonPill.Instance);
    }

    /// <summary>Starts the region of a type of entity; returns the one that there is when it was started before.</summary>
    /// <param name="typeName">Names the type of entity; part of the region's path.</param>
    /// <param name="entityPropsFactory">How to create the entity of an id.</param>
    /// <param name="settings">What to set about the region.</param>
    /// <param name="messageExtractor">Says to which entity a message belongs.</param>
    /// <returns>The region. What it is told goes straight into the mailbox of the entity, which is created when it is not alive.</returns>
    /// <exception cref="InvalidActorNameException">The name of the type is malformed.</exception>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor) =>
        Start(typeName, entityPropsFactory, settings, messageExtractor, LocalAllocation, PoisonPill.Instance);

    /// <summary>Starts the region of a type of entity; returns the one that there is when it was started before.</summary>
    /// <param name="typeName">Names the type of entity; part of the region's path.</param>
    /// <param name="entityPropsFactory">How to create the entity of an id.</param>
    /// <param name="settings">What to set about the region.</param>
    /// <param name="messageExtractor">Says to which entity a message belongs.</param>
    /// <param name="allocationStrategy">Decides which node has which shard.</param>
    /// <param name="handOffStopMessage">What an entity is told to end it when it is idle or the region shuts down.</param>
    /// <returns>The region. What it is told goes straight into the mailbox of the entity, which is created when it is not alive.</returns>
    /// <exception cref="InvalidActorNameException">The name of the type is malformed.</exception>
    public IActorRef Start(
        string typeName,
        Func<string, Props> entityPropsFactory,
        ClusterShardingSettings settings,
        IMessageExtractor messageExtractor,
        IShardAllocationStrategy allocationStrategy,
        object handOffStopMessage)
    {
        ArgumentNullException.ThrowIfNull(entityPropsFactory);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(messageExtractor);
        ArgumentNullException.ThrowIfNull(allocationStrategy);
        ArgumentNullException.ThrowIfNull(handOffStopMessage);
        if (!ActorPath.IsValidPathElement(typeName))
        {
            throw new InvalidActorNameException($"Illegal type name [{typeName}].");
        }

        return _regions.GetOrAdd(
            typeName,
            name => new Lazy<ShardRegionCell>(() =>
            {
                var region = new ShardRegionCell(_system, _guardian, name, entityPropsFactory, settings, messageExtractor, handOffStopMessage);
                _guardian.Adopt(region);
                return region;
            })).Value;
    }

    /// <summary>The region of a type of entity.</summary>
    /// <exception cref="ArgumentException">It was not started.</exception>
    public IActorRef ShardRegion(string typeName) => Region(typeName);

    /// <summary>How many entities of a type are alive. Cheap enough for a metric.</summary>
    /// <exception cref="ArgumentException">The region was not started.</exception>
    public int EntityCount(string typeName) => Region(typeName).EntityCount;

    /// <summary>The strategy that regions have unless another is given.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Akka.NET's is an instance method.")]
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return LocalAllocation;
    }

    private ShardRegionCell Region(string typeName) =>
        _regions.TryGetValue(typeName, out var region)
            ? region.Value
            : throw new ArgumentException($"Shard type [{typeName}] must be started first. Started types: {string.Join(", ", _regions.Keys)}.", nameof(typeName));

    private async Task<Done> ShutDownRegionsAsync()
    {
        var timeout = CoordinatedShutdown.Get(_system).Timeout(CoordinatedShutdown.PhaseClusterShardingShutdownRegion);
        await Task.WhenAll(_regions.Values.Select(region => region.Value.GracefulStop(timeout, GracefulShutdown.Instance))).ConfigureAwait(false);
        return Done.Instance;
    }

    private sealed class LocalAllocationStrategy : IShardAllocationStrategy;
}
