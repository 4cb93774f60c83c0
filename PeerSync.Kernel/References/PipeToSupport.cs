namespace PeerSync.Kernel;

/// <summary>Brings the results of tasks to actors as messages.</summary>
public static class PipeToSupport
{
    /// <summary>Tells an actor the result of a task, or a <see cref="Status.Failure"/>.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Whom to tell.</param>
    /// <param name="sender">The sender of the message; nobody when null.</param>
    /// <param name="success">Makes the message of the result; the result itself when null.</param>
    /// <param name="failure">Makes the message of the exception; <see cref="Status.Failure"/> when null.</param>
    /// <returns>Ends when the message was told. Never fails for the task's sake.</returns>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe,
        ICanTell recipient,
        IActorRef? sender = null,
        Func<T, object>? success = null,
        Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        ArgumentNullException.ThrowIfNull(recipient);
        object message;
        try
        {
            var result = await taskToPipe.ConfigureAwait(false);
            message = success is not null ? success(result) : result!;
        }
        catch (Exception exception)
        {
            message = failure is not null ? failure(exception) : new Status.Failure(exception);
        }

        recipient.Tell(message, sender);
    }

    /// <summary>Tells an actor a message when a task ends, or a <see cref="Status.Failure"/> when it fails.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Whom to tell.</param>
    /// <param name="sender">The sender of the message; nobody when null.</param>
    /// <param name="success">Makes the message of the end; nothing is told when null.</param>
    /// <param name="failure">Makes the message of the exception; <see cref="Status.Failure"/> when null.</param>
    /// <returns>Ends when the message was told. Never fails for the task's sake.</returns>
    public static async Task PipeTo(
        this Task taskToPipe,
        ICanTell recipient,
        IActorRef? sender = null,
        Func<object>? success = null,
        Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        ArgumentNullException.ThrowIfNull(recipient);
        object? message;
        try
        {
            await taskToPipe.ConfigureAwait(false);
            message = success?.Invoke();
        }
        catch (Exception exception)
        {
            message = failure is not null ? failure(exception) : new Status.Failure(exception);
        }

        if (message is not null)
        {
            recipient.Tell(message, sender);
        }
    }
}
