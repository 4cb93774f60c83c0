namespace PeerSync.Kernel;

/// <summary>A message that was dropped because a bounded mailbox or buffer was full.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>Creates the event.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">What was full.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="recipient">For whom it was.</param>
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        Reason = reason;
    }

    /// <summary>What was full.</summary>
    public string Reason { get; }

    /// <inheritdoc />
    public override string ToString() => $"Dropped from {Sender} to {Recipient} ({Reason}): <{Message}>";
}
