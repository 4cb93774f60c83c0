namespace PeerSync.Kernel;

/// <summary>Decides whether messages of one source still go into a mailbox.</summary>
internal interface IMailboxGate
{
    /// <summary>Whether messages may still be enqueued. A volatile read.</summary>
    bool IsOpen { get; }
}
