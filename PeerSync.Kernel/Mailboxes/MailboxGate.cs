namespace PeerSync.Kernel;

/// <summary>Decides whether messages of one source still go into a mailbox.</summary>
internal abstract class MailboxGate
{
    private volatile bool _shut;

    /// <summary>Whether messages may still be enqueued. A volatile read.</summary>
    public bool IsOpen => !_shut;

    public void Shut() => _shut = true;

    /// <summary>Lets messages in again.</summary>
    public void Reopen() => _shut = false;
}
