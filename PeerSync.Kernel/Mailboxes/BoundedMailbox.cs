namespace PeerSync.Kernel;

/// <summary>A mailbox that holds a limited number of user messages. System messages and the actor's own timers are never refused.</summary>
public sealed class BoundedMailbox : MailboxType
{
    /// <summary>Creates the type of mailbox.</summary>
    /// <param name="capacity">How many user messages may wait or be in process at once; at least 1.</param>
    /// <param name="overflow">What happens to a message that finds the mailbox full.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive.</exception>
    public BoundedMailbox(int capacity, MailboxOverflow overflow = MailboxOverflow.DropNew)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        Overflow = overflow;
    }

    /// <summary>How many user messages may wait.</summary>
    public int Capacity { get; }

    /// <summary>What happens to a message that finds the mailbox full.</summary>
    public MailboxOverflow Overflow { get; }
}
