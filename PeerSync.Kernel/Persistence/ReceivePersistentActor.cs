namespace PeerSync.Kernel;

/// <summary>A persistent actor that names a handler per type of command and of event. The first one that matches handles the message.</summary>
/// <remarks>Handlers are added in the constructor; those of commands also inside the action given to <see cref="Become(Action)"/>.</remarks>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly ReceiveHandlers _commands = new();
    private readonly ReceiveHandlers _recovers = new();
    private ReceiveHandlers? _configuring;
    private bool _constructed;

    /// <summary>Called by the kernel only.</summary>
    protected ReceivePersistentActor()
    {
        _configuring = _commands;
    }

    /// <inheritdoc />
    protected sealed override void OnCommand(object message)
    {
        if (!_commands.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    /// <inheritdoc />
    protected sealed override bool ReceiveRecover(object message) => _recovers.TryHandle(message);

    /// <inheritdoc />
    protected sealed override void OnRecover(object message) => ReceiveRecover(message);

    /// <summary>Replaces the current behaviour.</summary>
    /// <param name="configure">Adds the handlers of the new behaviour.</param>
    protected void Become(Action configure) => Cell.Become(Configure(configure));

    /// <summary>Puts a behaviour on top of the current one.</summary>
    /// <param name="configure">Adds the handlers of the new behaviour.</param>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Configure(configure));

    /// <summary>Adds a handler for what is recovered.</summary>
    /// <param name="handler">Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</param>
    /// <param name="shouldHandle">Says which of the type it handles; all when null.</param>
    /// <exception cref="InvalidOperationException">Called outside the constructor, or after RecoverAny.</exception>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        AddRecover<T>(new ReceiveHandler.OfAction<T>(handler, shouldHandle), shouldHandle is null);
    }

    /// <summary>Adds a handler for what is recovered.</summary>
    /// <param name="shouldHandle">Says which of the type it handles.</param>
    /// <param name="handler">Handles an event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>.</param>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Adds a handler for what is recovered that says whether it has handled it.</summary>
    /// <param name="handler">Returns false to leave it to the handlers after it.</param>
    protected void Recover<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        AddRecover<T>(new ReceiveHandler.OfFunc<T>(handler), unconditional: false);
    }

    /// <summary>Adds a handler for everything recovered that no handler before it has taken;
    /// <see cref="SnapshotOffer"/> and <see cref="RecoveryCompleted"/> included.</summary>
    protected void RecoverAny(Action<object> handler) => Recover(handler);

    /// <summary>Adds a handler.</summary>
    /// <param name="handler">Handles a command of the type.</param>
    /// <param name="shouldHandle">Says which commands of the type it handles; all when null.</param>
    /// <exception cref="InvalidOperationException">Called outside the constructor and outside the action given to Become, or after CommandAny.</exception>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        AddCommand<T>(new ReceiveHandler.OfAction<T>(handler, shouldHandle), shouldHandle is null);
    }

    /// <summary>Adds a handler.</summary>
    /// <param name="shouldHandle">Says which commands of the type it handles.</param>
    /// <param name="handler">Handles a command of the type.</param>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Adds a handler that says whether it has handled the command.</summary>
    /// <param name="handler">Returns false to leave the command to the handlers after it.</param>
    protected void Command<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        AddCommand<T>(new ReceiveHandler.OfFunc<T>(handler), unconditional: false);
    }

    /// <summary>Adds a handler for every command that no handler before it has taken.</summary>
    protected void CommandAny(Action<object> handler) => Command(handler);

    /// <summary>Adds an asynchronous handler; see <see cref="UntypedPersistentActor.RunTask"/>.</summary>
    /// <param name="handler">Handles a command of the type.</param>
    /// <param name="shouldHandle">Says which commands of the type it handles; all when null.</param>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        AddCommand<T>(new ReceiveHandler.OfTask<T>(handler, shouldHandle), shouldHandle is null);
    }

    /// <summary>Adds an asynchronous handler; see <see cref="UntypedPersistentActor.RunTask"/>.</summary>
    /// <param name="shouldHandle">Says which commands of the type it handles.</param>
    /// <param name="handler">Handles a command of the type.</param>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    /// <summary>Adds an asynchronous handler for every command that no handler before it has taken.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAsync(handler);

    /// <summary>Ends the constructor: from here on handlers belong to a new behaviour only.</summary>
    internal void EndConstruction()
    {
        _configuring = null;
        _constructed = true;
    }

    private void AddRecover<T>(ReceiveHandler handler, bool unconditional)
    {
        if (_constructed)
        {
            throw new InvalidOperationException("Handlers of what is recovered may only be added in the constructor.");
        }

        _recovers.Add(handler, unconditional && typeof(T) == typeof(object));
    }

    private void AddCommand<T>(ReceiveHandler handler, bool unconditional)
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
}
