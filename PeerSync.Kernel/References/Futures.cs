namespace PeerSync.Kernel;

/// <summary>Questions: a message whose answer is awaited.</summary>
/// <remarks>An answer of <see cref="Status.Failure"/> makes the task fail with its cause. Not for awaiting inside actors: use PipeTo there.</remarks>
public static class Futures
{
    /// <summary>Asks an actor.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <exception cref="AskTimeoutException">The answer did not come in time (through the task).</exception>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks an actor.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks an actor for an answer of a type.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <exception cref="AskTimeoutException">The answer did not come in time (through the task).</exception>
    /// <exception cref="ArgumentException">The answer was of another type (through the task).</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks an actor for an answer of a type.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks an actor for an answer of a type.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AskTimeoutException">The answer did not come in time (through the task).</exception>
    /// <exception cref="ArgumentException">The answer was of another type (through the task).</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Asks an actor, with a question that names whom to answer.</summary>
    /// <param name="self">Whom.</param>
    /// <param name="messageFactory">Makes the question from the reference that the answer is to be told to.</param>
    /// <param name="timeout">How long to wait; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<T> Ask<T>(
        this ICanTell self,
        Func<IActorRef, object> messageFactory,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(messageFactory);
        var future = new FutureActorRef<T>(self is IInternalActorRef actor and not NobodyRef ? actor.System : null);
        future.Start(timeout, cancellationToken);
        self.Tell(messageFactory(future), future);
        return future.Answer;
    }
}
