using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace PeerSync.Kernel;

/// <summary>A region: the parent of its entities, and the reference through which they are told.</summary>
/// <remarks>
/// <para>
/// A message to an entity that is alive goes from the teller's thread into the entity's mailbox: no turn of the region, no lock, no allocation. Creating,
/// passivating and what follows an entity's end happen under one lock.
/// </para>
/// <para>
/// Passivation shuts the entity's gate and then tells the stop message: what passed the gate is ahead of the stop message, and what finds it shut is kept for
/// the next incarnation, which starts when this one has ended. Messages that do not come through the region reach the old incarnation to its end.
/// </para>
/// </remarks>
internal sealed class ShardRegionCell : ActorCell
{
    // An idle entity is noticed between the idle time and a quarter of it more.
    private const int SweepsPerIdleTime = 4;

    private static readonly Props RegionProps = Props.Create(static () => new ShardRegionActor());

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ShardEntity> _entities = new();
    private readonly Func<string, Props> _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly IMessageExtractor _extractor;
    private readonly object _handOffStopMessage;
    private ITimer? _sweeper;
    private volatile int _sweep;
    private int _buffered;
    private bool _shuttingDown;

    public ShardRegionCell(
        ActorSystem system,
        IInternalActorRef parent,
        string typeName,
        Func<string, Props> entityProps,
        ClusterShardingSettings settings,
        IMessageExtractor extractor,
        object handOffStopMessage)
        : base(system, parent, RegionProps, typeName)
    {
        _entityProps = entityProps;
        _settings = settings;
        _extractor = extractor;
        _handOffStopMessage = handOffStopMessage;
        EnsureChildren();
    }

    public int EntityCount => EnsureChildren().Count;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        string? id;
        object? payload;
        if (message is ShardingEnvelope envelope)
        {
            id = envelope.EntityId;
            payload = envelope.Message;
        }
        else if (message is IShardRegionCommand or IAutoReceivedMessage or Sweep)
        {
            TellRegion(message, sender);
            return;
        }
        else
        {
            id = _extractor.EntityId(message);
            payload = id is null ? null : _extractor.EntityMessage(message);
        }

        if (string.IsNullOrEmpty(id) || payload is null)
        {
            OnDeadMessage(message, sender);
            return;
        }

        if (_entities.TryGetValue(id, out var entity))
        {
            var sweep = _sweep;
            if (entity.LastActive != sweep)
            {
                entity.LastActive = sweep;
            }

            if (entity.Cell.TryTell(payload, sender, entity) == EnqueueResult.Enqueued)
            {
                return;
            }
        }

        TellSlow(id, payload, sender);
    }

    public void StartSweeping()
    {
        if (_settings.PassivateIdleEntityAfter > TimeSpan.Zero && _sweeper is null)
        {
            var interval = _settings.PassivateIdleEntityAfter / SweepsPerIdleTime;
            _sweeper = System.TimeProvider.CreateTimer(static state => ((ShardRegionCell)state!).Tell(Sweep.Instance, null), this, interval, interval);
        }
    }

    public void StopSweeping()
    {
        _sweeper?.Dispose();
        _sweeper = null;
    }

    /// <summary>Ends an entity at its own wish. In the region's turns.</summary>
    public void Passivate(IActorRef child, object stopMessage)
    {
        if (child is ActorCell cell && ReferenceEquals(cell.Parent, this) && _entities.TryGetValue(cell.Name, out var entity)
            && ReferenceEquals(entity.Cell, cell))
        {
            TellStop(entity, stopMessage);
        }
    }

    /// <summary>Keeps an entity that did not stop at its stop message. In the region's turns.</summary>
    public void CancelPassivation(IActorRef child)
    {
        if (child is not ActorCell cell || !ReferenceEquals(cell.Parent, this))
        {
            return;
        }

        lock (_gate)
        {
            if (!_entities.TryGetValue(cell.Name, out var entity) || !ReferenceEquals(entity.Cell, cell) || entity.IsOpen)
            {
                return;
            }

            if (!_shuttingDown)
            {
                // Before the gate opens: what others tell from then on comes after what they told before.
                while (entity.Buffer?.TryDequeue(out var envelope) == true)
                {
                    _buffered--;
                    cell.TellAlways(envelope.Message, envelope.Sender);
                }

                entity.Reopen();
                return;
            }
        }

        cell.TellAlways(_handOffStopMessage, this);
    }

    /// <summary>Ends the entities that have heard nothing for too long. In the region's turns.</summary>
    public void PassivateIdle()
    {
        var sweep = ++_sweep;
        foreach (var (_, entity) in _entities)
        {
            if (sweep - entity.LastActive > SweepsPerIdleTime)
            {
                TellStop(entity, _handOffStopMessage);
            }
        }
    }

    /// <summary>Ends all entities, then the region. In the region's turns.</summary>
    public void ShutDown()
    {
        lock (_gate)
        {
            _shuttingDown = true;
        }

        foreach (var (_, entity) in _entities)
        {
            TellStop(entity, _handOffStopMessage);
        }

        StopWhenShutDown();
    }

    public ShardRegionStats Stats() =>
        new(_entities.Keys.GroupBy(id => _extractor.ShardId(id)).ToImmutableDictionary(shard => shard.Key, shard => shard.Count()));

    public CurrentShardRegionState State() =>
        new([.. _entities.Keys.GroupBy(id => _extractor.ShardId(id)).Select(shard => new ShardState(shard.Key, [.. shard]))]);

    protected override void OnChildTerminated(ActorCell child)
    {
        Queue<Envelope>? undeliverable = null;
        lock (_gate)
        {
            if (!_entities.TryGetValue(child.Name, out var ended) || !ReferenceEquals(ended.Cell, child))
            {
                return;
            }

            _buffered -= ended.Buffer?.Count ?? 0;
            if (ended.Buffer is not { Count: > 0 } buffer || TryCreate(ended.Id) is not { } next)
            {
                undeliverable = ended.Buffer;
                _entities.TryRemove(ended.Id, out _);
            }
            else
            {
                // Before it can be found: what others tell now comes after what they told before.
                while (buffer.TryDequeue(out var envelope))
                {
                    next.Cell.Tell(envelope.Message, envelope.Sender);
                }

                _entities[ended.Id] = next;
            }
        }

        foreach (var (message, sender) in undeliverable ?? [])
        {
            OnDeadMessage(message, sender);
        }

        StopWhenShutDown();
    }

    private void TellRegion(object message, IActorRef? sender)
    {
        if (message is ShardRegion.StartEntity start)
        {
            lock (_gate)
            {
                if (!_entities.ContainsKey(start.EntityId) && TryCreate(start.EntityId) is { } created)
                {
                    _entities[start.EntityId] = created;
                }
            }

            sender?.Tell(new ShardRegion.StartEntityAck(start.EntityId, _extractor.ShardId(start.EntityId, start)), this);
        }
        else
        {
            base.Tell(message, sender);
        }
    }

    private void TellSlow(string id, object payload, IActorRef? sender)
    {
        bool full;
        lock (_gate)
        {
            full = false;
            if (!_entities.TryGetValue(id, out var entity))
            {
                if (TryCreate(id) is { } created)
                {
                    created.Cell.Tell(payload, sender);
                    _entities[id] = created;
                    return;
                }
            }
            else if (entity.Cell.TryTell(payload, sender, entity) == EnqueueResult.Enqueued)
            {
                return;
            }
            else if (!_shuttingDown)
            {
                full = _buffered >= _settings.BufferSize;
                if (!full)
                {
                    _buffered++;
                    (entity.Buffer ??= new Queue<Envelope>()).Enqueue(new Envelope(payload, sender));
                    return;
                }
            }
        }

        // Outside the lock: subscribers may be told through another region.
        if (full)
        {
            System.EventStream.Publish(new Dropped(payload, "the buffer of the region is full", sender ?? System.DeadLetters, this));
        }
        else
        {
            OnDeadMessage(payload, sender);
        }
    }

    private ShardEntity? TryCreate(string id)
    {
        if (_shuttingDown || EnsureChildren().IsClosed)
        {
            return null;
        }

        try
        {
            // The id as it is, one string for the dictionary and the name: the path escapes it. The parent's own register of names would be a second one.
            return new ShardEntity(id, CreateChild(_entityProps(id), id, register: false)) { LastActive = _sweep };
        }
        catch (Exception exception)
        {
            // The tellers are strangers to what the factory of props does wrong.
            System.Publish(new Error(exception, Path.ToString(), typeof(ShardRegion), "An entity could not be created"));
            return null;
        }
    }

    private void TellStop(ShardEntity entity, object stopMessage)
    {
        lock (_gate)
        {
            if (!entity.IsOpen)
            {
                return;
            }

            entity.Shut();
            entity.Cell.ShutGate();
        }

        entity.Cell.TellAlways(stopMessage, this);
    }

    private void StopWhenShutDown()
    {
        if (_shuttingDown && _entities.IsEmpty)
        {
            Stop(this);
        }
    }

    /// <summary>Time to look for idle entities.</summary>
    internal sealed class Sweep
    {
        public static readonly Sweep Instance = new();

        private Sweep()
        {
        }
    }
}
