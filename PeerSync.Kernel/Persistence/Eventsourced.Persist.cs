namespace PeerSync.Kernel;

public abstract partial class Eventsourced
{
    /// <summary>Persists an event; commands wait until the handler has run.</summary>
    /// <param name="event">The event; immutable from here on.</param>
    /// <param name="handler">Changes the actor's state and tells others of it. Runs when the event is durable, with the sender of the command.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) =>
        PersistOne(@event, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <summary>Persists an event; commands wait until the task of the handler has ended.</summary>
    /// <inheritdoc cref="Persist{TEvent}(TEvent, Action{TEvent})"/>
    public void Persist<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        PersistOne(@event, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <summary>Persists events, all or none; commands wait until the handler has run for each of them.</summary>
    /// <param name="events">The events in their order; none is nothing to do. Immutable from here on.</param>
    /// <param name="handler">Called for each event when all are durable, with the sender of the command.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        PersistGroup(events, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <inheritdoc cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        PersistGroup(events, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <summary>Persists an event; commands are handled meanwhile. Handlers run in the order in which their events were given.</summary>
    /// <param name="event">The event; immutable from here on.</param>
    /// <param name="handler">Runs when the event is durable, with the sender of the command.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) =>
        PersistOne(@event, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.None);

    /// <inheritdoc cref="PersistAsync{TEvent}(TEvent, Action{TEvent})"/>
    public void PersistAsync<TEvent>(TEvent @event, Func<TEvent, Task> handler) =>
        PersistOne(@event, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.None);

    /// <summary>Persists events, all or none; commands are handled meanwhile.</summary>
    /// <param name="events">The events in their order; none is nothing to do. Immutable from here on.</param>
    /// <param name="handler">Called for each event when all are durable, with the sender of the command.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        PersistGroup(events, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.None);

    /// <inheritdoc cref="PersistAllAsync{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Func<TEvent, Task> handler) =>
        PersistGroup(events, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.None);

    /// <summary>Runs a handler after those of all events given so far, at once when none waits. Nothing is written; commands wait until it has run.</summary>
    /// <param name="evt">What to give to the handler.</param>
    /// <param name="handler">Runs with the sender of the command; never when an event before it could not be written.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void Defer<TEvent>(TEvent evt, Action<TEvent> handler) =>
        DeferOne(evt, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <inheritdoc cref="Defer{TEvent}(TEvent, Action{TEvent})"/>
    public void Defer<TEvent>(TEvent evt, Func<TEvent, Task> handler) =>
        DeferOne(evt, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.Stashing);

    /// <summary>Runs a handler after those of all events given so far, at once when none waits. Nothing is written; commands are handled meanwhile.</summary>
    /// <param name="evt">What to give to the handler.</param>
    /// <param name="handler">Runs with the sender of the command; never when an event before it could not be written.</param>
    /// <exception cref="InvalidOperationException">The actor is recovering.</exception>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler) =>
        DeferOne(evt, EventHandlerInvoker.OfAction<TEvent>.Instance, handler, PendingHandlerKind.None);

    /// <inheritdoc cref="DeferAsync{TEvent}(TEvent, Action{TEvent})"/>
    public void DeferAsync<TEvent>(TEvent evt, Func<TEvent, Task> handler) =>
        DeferOne(evt, EventHandlerInvoker.OfTask<TEvent>.Instance, handler, PendingHandlerKind.None);

    private void PersistOne<TEvent>(TEvent @event, EventHandlerInvoker invoker, Delegate handler, PendingHandlerKind kind)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(handler);
        EnsureWriter().Add(invoker, handler, @event, kind | PendingHandlerKind.Persisted | PendingHandlerKind.EndsGroup);
    }

    private void PersistGroup<TEvent>(IEnumerable<TEvent> events, EventHandlerInvoker invoker, Delegate handler, PendingHandlerKind kind)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(handler);
        var writer = EnsureWriter();

        // Taken as a whole first: what comes from the caller may throw, or persist events itself.
        var group = events.ToArray();
        if (Array.Exists(group, static @event => @event is null))
        {
            throw new ArgumentNullException(nameof(events), "An event is null.");
        }

        kind |= PendingHandlerKind.Persisted;
        for (var i = 0; i < group.Length; i++)
        {
            writer.Add(invoker, handler, group[i]!, i == group.Length - 1 ? kind | PendingHandlerKind.EndsGroup : kind);
        }
    }

    private void DeferOne<TEvent>(TEvent evt, EventHandlerInvoker invoker, Delegate handler, PendingHandlerKind kind)
    {
        ArgumentNullException.ThrowIfNull(evt);
        ArgumentNullException.ThrowIfNull(handler);
        var writer = EnsureWriter();
        if (writer.IsIdle)
        {
            invoker.Invoke(Cell, handler, evt);
        }
        else
        {
            writer.Add(invoker, handler, evt, kind);
        }
    }

    private EventWriter EnsureWriter()
    {
        if (!_hasRecovered)
        {
            throw new InvalidOperationException("Cannot persist during replay. Events can be persisted when receiving RecoveryCompleted or later.");
        }

        return _writer ??= new EventWriter(this, Persistence.Get(Cell.System).Open().Journal, _startedId);
    }
}
