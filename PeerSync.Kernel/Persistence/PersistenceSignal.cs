namespace PeerSync.Kernel;

/// <summary>Tells an event-sourced actor, in front of its mailbox, that something it waits for has happened.</summary>
/// <remarks>It travels as a system message and is processed like a message. May be sent again once it is being processed.</remarks>
internal abstract class PersistenceSignal(Eventsourced owner) : SystemMessage
{
    /// <summary>The instance it is for: one that has been replaced never sees it.</summary>
    public Eventsourced Owner { get; } = owner;

    /// <summary>Goes on with what was waited for. In the actor's turn.</summary>
    public abstract void Run();
}
