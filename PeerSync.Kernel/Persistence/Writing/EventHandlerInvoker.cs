namespace PeerSync.Kernel;

/// <summary>Calls a handler whose type of event is known only where it was given. One instance per type, so that no event costs a closure.</summary>
internal abstract class EventHandlerInvoker
{
    public abstract void Invoke(ActorCell cell, Delegate handler, object payload);

    /// <summary>The event itself where it is wrapped with its tags.</summary>
    public static object Plain(object payload) => payload is Tagged tagged ? tagged.Payload : payload;

    private static TEvent Cast<TEvent>(object payload) => payload is TEvent typed && payload is not Tagged ? typed : CastTagged<TEvent>(payload);

    // A handler of Tagged asked for the wrapping.
    private static TEvent CastTagged<TEvent>(object payload) => (TEvent)(typeof(TEvent) == typeof(Tagged) ? payload : Plain(payload));

    public sealed class OfAction<TEvent> : EventHandlerInvoker
    {
        public static readonly OfAction<TEvent> Instance = new();

        public override void Invoke(ActorCell cell, Delegate handler, object payload) => ((Action<TEvent>)handler)(Cast<TEvent>(payload));
    }

    public sealed class OfTask<TEvent> : EventHandlerInvoker
    {
        public static readonly OfTask<TEvent> Instance = new();

        public override void Invoke(ActorCell cell, Delegate handler, object payload) =>
            cell.RunTask(static (handler, payload) => ((Func<TEvent, Task>)handler)(Cast<TEvent>(payload)), handler, payload);
    }
}
