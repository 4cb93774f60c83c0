namespace PeerSync.Kernel;

/// <summary>The kinds of <see cref="SystemMessage"/>, named as Akka.Dispatch.SysMsg names them.</summary>
internal static class SystemMessages
{
    public sealed class Terminate : SystemMessage;

    public sealed class Suspend : SystemMessage;

    public sealed class Resume(Exception? causedByFailure) : SystemMessage
    {
        public Exception? CausedByFailure { get; } = causedByFailure;
    }

    public sealed class Recreate(Exception cause) : SystemMessage
    {
        public Exception Cause { get; } = cause;
    }

    public sealed class Failed(ActorCell child, Exception cause, object? message) : SystemMessage
    {
        public ActorCell Child { get; } = child;

        public Exception Cause { get; } = cause;

        public object? Message { get; } = message;
    }

    public sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
    {
        public IInternalActorRef Watchee { get; } = watchee;

        public IInternalActorRef Watcher { get; } = watcher;
    }

    public sealed class Unwatch(IInternalActorRef watcher) : SystemMessage
    {
        public IInternalActorRef Watcher { get; } = watcher;
    }

    public sealed class DeathWatchNotification(IInternalActorRef actor, bool existenceConfirmed) : SystemMessage
    {
        public IInternalActorRef Actor { get; } = actor;

        public bool ExistenceConfirmed { get; } = existenceConfirmed;
    }

    /// <summary>A continuation of the asynchronous handler that an actor is running.</summary>
    public sealed class ActorTask(AsyncOperation operation, SendOrPostCallback callback, object? state) : SystemMessage
    {
        public AsyncOperation Operation { get; } = operation;

        public SendOrPostCallback Callback { get; } = callback;

        public object? State { get; } = state;
    }

    /// <summary>The asynchronous handler that an actor is running has ended.</summary>
    public sealed class ActorTaskCompleted(AsyncOperation operation) : SystemMessage
    {
        public AsyncOperation Operation { get; } = operation;
    }

    /// <summary>Gives up the memory of a mailbox that had grown.</summary>
    public sealed class TrimMailbox : SystemMessage;
}
