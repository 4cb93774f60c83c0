namespace PeerSync.Kernel;

/// <summary>What happens to a message that finds a <see cref="BoundedMailbox"/> full.</summary>
public enum MailboxOverflow
{
    /// <summary>The new message goes to the dead letters, as a <see cref="Dropped"/>.</summary>
    DropNew,

    /// <summary>As <see cref="DropNew"/>, and its sender is told a <see cref="Status.Failure"/> with a <see cref="MailboxFullException"/>.</summary>
    Reject,
}
