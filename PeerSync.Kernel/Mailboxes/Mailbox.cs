namespace PeerSync.Kernel;

/// <summary>An actor's messages and the flag that says whether it is scheduled; its own thread-pool work item.</summary>
/// <remarks>
/// <para>
/// Liveness: a producer advances the queue's tail (a full fence) and then reads the status; the consumer stores the idle status (a full fence) and then reads
/// the tail. So at least one of them sees the other's write, and a message is never left in a mailbox that nobody runs.
/// </para>
/// <para>System messages are a linked stack, taken as a whole and reversed. They run even while the mailbox is suspended.</para>
/// </remarks>
internal abstract class Mailbox : MessageQueue, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Scheduled = 1;
    private const int Suspended = 2;

    private int _status;
    private int _suspendCount;
    private SystemMessage? _systemMessages;

    /// <summary>Whether user messages wait: a failure is being decided, or an asynchronous handler runs.</summary>
    protected bool IsSuspended => _suspendCount != 0;

    protected bool IsMailboxClosed => ReferenceEquals(Volatile.Read(ref _systemMessages), SystemMessage.Closed);

    protected bool HasSystemMessages => Volatile.Read(ref _systemMessages) is not null;

    /// <inheritdoc />
    void IThreadPoolWorkItem.Execute()
    {
        var state = DispatcherTurn.Current;
        state.Depth++;
        try
        {
            RunTurn(state);
        }
        finally
        {
            DispatcherTurn.Exit(state);
        }
    }

    /// <summary>Adds a system message. Any thread.</summary>
    internal void PostSystem(SystemMessage message)
    {
        SystemMessage? head;
        do
        {
            head = Volatile.Read(ref _systemMessages);
            if (ReferenceEquals(head, SystemMessage.Closed))
            {
                OnDeadSystemMessage(message);
                return;
            }

            message.Next = head;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _systemMessages, message, head), head));

        ScheduleForSystem();
    }

    /// <summary>Schedules the first turn, in which the actor is created.</summary>
    protected void ScheduleFirst() => ScheduleForSystem();

    /// <summary>To be called after each successful enqueue.</summary>
    protected void ScheduleForMessage()
    {
        if (Volatile.Read(ref _status) == Idle)
        {
            ScheduleIdle();
        }
    }

    protected void Suspend() => _suspendCount++;

    protected void Resume() => _suspendCount = Math.Max(0, _suspendCount - 1);

    /// <summary>Takes all system messages, oldest first. Consumer only.</summary>
    protected SystemMessage? TakeSystemMessages()
    {
        var newest = Interlocked.Exchange(ref _systemMessages, null);
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }

    /// <summary>Refuses all further messages and gives those that waited to the dead letters. Consumer only.</summary>
    protected void CloseMailbox()
    {
        var newest = Interlocked.Exchange(ref _systemMessages, SystemMessage.Closed);
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = null;
            OnDeadSystemMessage(newest);
            newest = next;
        }

        CloseQueue();
        var spinner = default(SpinWait);
        while (true)
        {
            switch (TryDequeue(out var message, out var sender))
            {
                case Dequeued.Message:
                    OnDeadMessage(message, sender);
                    break;
                case Dequeued.Pending:
                    spinner.SpinOnce(sleep1Threshold: -1);
                    break;
                default:
                    return;
            }
        }
    }

    /// <summary>Ends a turn: goes idle, or back into the thread pool's queue when there is more to do.</summary>
    /// <param name="hasMore">The turn ended before the messages did.</param>
    protected void EndTurn(bool hasMore)
    {
        if (hasMore)
        {
            // To the global queue, behind everybody else: this actor has had its share.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        var suspended = IsSuspended;
        Interlocked.Exchange(ref _status, suspended ? Suspended : Idle);
        if (HasSystemMessages)
        {
            ScheduleForSystem();
        }
        else if (!suspended && HasMessages)
        {
            ScheduleForMessage();
        }
    }

    /// <summary>Runs one turn; must call <see cref="EndTurn"/> unless the mailbox is closed. Never throws.</summary>
    protected abstract void RunTurn(DispatcherTurn.State state);

    /// <summary>A user message that nobody will process. Any thread.</summary>
    protected abstract void OnDeadMessage(object message, IActorRef? sender);

    /// <summary>A system message to a stopped actor. Any thread.</summary>
    protected abstract void OnDeadSystemMessage(SystemMessage message);

    private void ScheduleIdle()
    {
        if (Interlocked.CompareExchange(ref _status, Scheduled, Idle) == Idle)
        {
            DispatcherTurn.Schedule(this);
        }
    }

    private void ScheduleForSystem()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if ((status & Scheduled) != 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status)
            {
                DispatcherTurn.Schedule(this);
                return;
            }
        }
    }
}
