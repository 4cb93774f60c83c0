namespace PeerSync.Kernel;

/// <summary>A mailbox that takes every message. The default; not for actors that a peer can fill.</summary>
public sealed class UnboundedMailbox : MailboxType
{
    /// <summary>The only instance.</summary>
    public static UnboundedMailbox Instance { get; } = new();

    private UnboundedMailbox()
    {
    }
}
