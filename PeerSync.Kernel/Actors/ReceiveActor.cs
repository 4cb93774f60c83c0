namespace PeerSync.Kernel;

/// <summary>An actor that names a handler per type of message. The first one that matches handles the message.</summary>
/// <remarks>Handlers are added in the constructor or inside the action given to <see cref="Become(Action)"/>.</remarks>
public abstract class ReceiveActor : UntypedActor
{
    private readonly ReceiveHandlers _initial = new();
    private ReceiveHandlers? _configuring;

    /// <summary>Called by the kernel only.</summary>
    protected ReceiveActor()
    {
        _configuring = _initial;
    }

    /// <inheritdoc />
    protected sealed override void OnReceive(object message)
    {
        if (!_initial.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    /// <summary>Replaces the current behaviour.</summary>
    /// <param name="configure">Adds the handlers of the new behaviour.</param>
    protected void Become(Action configure) => Cell.Become(Configure(configure));

    /// <summary>Puts a behaviour on top of the current one.</summary>
    /// <param name="configure">Adds the handlers of the new behaviour.</param>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configure(configure));

    /// <summary>Adds a handler.</summary>
    /// <param name="handler">Handles a message of the type.</param>
    /// <param name="shouldHandle">Says which messages of the type it handles; all when null.</param>
    /// <exception cref="InvalidOperationException">Called outside the constructor and outside the action given to Become, or after ReceiveAny.</exception>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(new ReceiveHandler.OfAction<T>(handler, shouldHandle), shouldHandle is null);
    }

    /// <summary>Adds a handler.</summary>
    /// <param name="shouldHandle">Says which messages of the type it handles.</param>
    /// <param name="handler">Handles a message of the type.</param>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Adds a handler that says whether it has handled the message.</summary>
    /// <param name="handler">Returns false to leave the message to the handlers after it.</param>
    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(new ReceiveHandler.OfFunc<T>(handler), unconditional: false);
    }

    /// <summary>Adds a handler for a type known at run time.</summary>
    /// <param name="messageType">The type of message.</param>
    /// <param name="handler">Handles it.</param>
    /// <param name="shouldHandle">Says which messages of the type it handles; all when null.</param>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Receive(
            messageType,
            message =>
            {
                if (shouldHandle is not null && !shouldHandle(message))
                {
                    return false;
                }

                handler(message);
                return true;
            });
    }

    /// <summary>Adds a handler for a type known at run time that says whether it has handled the message.</summary>
    /// <param name="messageType">The type of message.</param>
    /// <param name="handler">Returns false to leave the message to the handlers after it.</param>
    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        ArgumentNullException.ThrowIfNull(handler);
        Add<object>(new ReceiveHandler.OfType(messageType, handler), unconditional: false);
    }

    /// <summary>Adds a handler for every message that no handler before it has taken.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Adds an asynchronous handler; see <see cref="UntypedActor.RunTask"/>.</summary>
    /// <param name="handler">Handles a message of the type.</param>
    /// <param name="shouldHandle">Says which messages of the type it handles; all when null.</param>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(new ReceiveHandler.OfTask<T>(handler, shouldHandle), shouldHandle is null);
    }

    /// <summary>Adds an asynchronous handler; see <see cref="UntypedActor.RunTask"/>.</summary>
    /// <param name="shouldHandle">Says which messages of the type it handles.</param>
    /// <param name="handler">Handles a message of the type.</param>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Adds an asynchronous handler for every message that no handler before it has taken.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    private void Add<T>(ReceiveHandler handler, bool unconditional)
    {
        var target = _configuring ?? throw new InvalidOperationException("Handlers may only be added in the constructor or inside Become.");
        target.Add(handler, unconditional && typeof(T) == typeof(object));
    }

    private Receive Configure(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var handlers = new ReceiveHandlers();
        var outer = _configuring;
        _configuring = handlers;
        try
        {
            configure();
        }
        finally
        {
            _configuring = outer;
        }

        return handlers.TryHandle;
    }

    /// <summary>Ends the constructor: from here on handlers belong to a new behaviour only.</summary>
    internal void EndConstruction() => _configuring = null;
}
