namespace PeerSync.Kernel;

/// <summary>Stops an actor and waits for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Tells an actor <see cref="PoisonPill"/> and waits until it has stopped.</summary>
    /// <param name="target">The actor.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="TaskCanceledException">It did not stop in time (through the task).</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Tells an actor a message and waits until it has stopped.</summary>
    /// <param name="target">The actor.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stopMessage">Makes the actor stop.</param>
    /// <exception cref="TaskCanceledException">It did not stop in time (through the task).</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        ArgumentNullException.ThrowIfNull(target);
        var watched = (IInternalActorRef)target;
        if (watched.IsTerminated)
        {
            return true;
        }

        var watcher = new FutureActorRef<Terminated>(watched.System);
        watcher.Start(timeout, CancellationToken.None);
        watched.SendSystemMessage(new SystemMessages.Watch(watched, watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await watcher.Answer.ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException exception)
        {
            watched.SendSystemMessage(new SystemMessages.Unwatch(watcher));
            throw new TaskCanceledException($"{target} did not stop within {timeout}.", exception);
        }
    }
}
