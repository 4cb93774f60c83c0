namespace PeerSync.Kernel;

/// <summary>What kind of mailbox an actor has. Registered by name in <see cref="ActorSystemSettings.Mailboxes"/> and chosen with <see cref="Props.WithMailbox"/>.</summary>
public abstract class MailboxType
{
    private protected MailboxType()
    {
    }
}
