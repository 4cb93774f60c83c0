namespace PeerSync.Kernel;

/// <summary>What few actors need: kept apart so that an idle actor stays small.</summary>
/// <remarks>Everything but <see cref="Children"/> belongs to the actor's turns.</remarks>
internal sealed class ActorCellExtras
{
    public ChildrenContainer? Children;

    /// <summary>The behaviours on top of the actor's own, the current one last.</summary>
    public List<Receive>? Behaviors;

    /// <summary>The watched actors, each with the message that is to be told instead of <see cref="Terminated"/>.</summary>
    public Dictionary<IActorRef, object?>? Watching;

    public HashSet<IInternalActorRef>? WatchedBy;

    /// <summary>The stopped actors whose <see cref="Terminated"/> is in the mailbox.</summary>
    public Dictionary<IActorRef, object?>? TerminatedQueued;

    public TimerScheduler? Timers;

    public ActorStash? Stash;

    /// <summary>Messages to be processed before those of the mailbox.</summary>
    public LinkedList<Envelope>? Front;

    /// <summary>What waits in front of the mailbox of an event-sourced actor.</summary>
    public PersistenceQueues? Persistence;

    public ReceiveTimeoutTimer? ReceiveTimeout;

    public AsyncOperation? Operation;

    /// <summary>Why the actor is being restarted, while its children stop.</summary>
    public Exception? RecreateCause;

    /// <summary>The child whose failure became the actor's own.</summary>
    public ActorCell? Perpetrator;

    /// <summary>The message in process when the actor failed.</summary>
    public object? FailedMessage;
}
