namespace PeerSync.Kernel;

/// <summary>A handler that waits for its turn.</summary>
internal readonly record struct PendingHandler(
    EventHandlerInvoker Invoker, Delegate Handler, object Payload, IActorRef? Sender, PendingHandlerKind Kind)
{
    public bool IsPersisted => (Kind & PendingHandlerKind.Persisted) != 0;

    public bool IsStashing => (Kind & PendingHandlerKind.Stashing) != 0;

    public bool EndsGroup => (Kind & PendingHandlerKind.EndsGroup) != 0;
}
