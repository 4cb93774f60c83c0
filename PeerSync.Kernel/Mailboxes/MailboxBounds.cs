namespace PeerSync.Kernel;

/// <summary>Counts the user messages of one bounded mailbox.</summary>
internal sealed class MailboxBounds(BoundedMailbox type)
{
    private int _count;

    public BoundedMailbox Type { get; } = type;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Type.Capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Counts a message that may not be refused.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
