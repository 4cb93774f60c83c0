namespace PeerSync.Kernel;

/// <summary>One <c>Receive</c> of a <see cref="ReceiveActor"/>.</summary>
internal abstract class ReceiveHandler
{
    public abstract bool TryHandle(object message);

    public sealed class OfAction<T>(Action<T> action, Predicate<T>? shouldHandle) : ReceiveHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
            {
                return false;
            }

            action(typed);
            return true;
        }
    }

    public sealed class OfFunc<T>(Func<T, bool> handler) : ReceiveHandler
    {
        public override bool TryHandle(object message) => message is T typed && handler(typed);
    }

    public sealed class OfTask<T>(Func<T, Task> handler, Predicate<T>? shouldHandle) : ReceiveHandler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed)))
            {
                return false;
            }

            ActorBase.CurrentContext.RunTask(static (state, message) => ((Func<T, Task>)state)((T)message), handler, message);
            return true;
        }
    }

    public sealed class OfType(Type type, Func<object, bool> handler) : ReceiveHandler
    {
        public override bool TryHandle(object message) => type.IsInstanceOfType(message) && handler(message);
    }
}
