namespace PeerSync.Kernel;

/// <summary>A bounded mailbox refused a message because it was full.</summary>
public sealed class MailboxFullException : AkkaException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Whose mailbox it was.</param>
    public MailboxFullException(string message)
        : base(message)
    {
    }
}
