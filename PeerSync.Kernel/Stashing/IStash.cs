namespace PeerSync.Kernel;

/// <summary>Puts messages aside for later. To be used in the actor's turns only; bounded.</summary>
public interface IStash
{
    /// <summary>How many messages are stashed.</summary>
    int Count { get; }

    /// <summary>Whether nothing is stashed.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether something is stashed.</summary>
    bool NonEmpty { get; }

    /// <summary>Whether one more message would overflow the stash.</summary>
    bool IsFull { get; }

    /// <summary>How many messages may be stashed.</summary>
    int Capacity { get; }

    /// <summary>Puts the message in process aside.</summary>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    /// <exception cref="IllegalActorStateException">The message was stashed already, or there is none in process.</exception>
    void Stash();

    /// <summary>Puts the oldest stashed message at the head of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all stashed messages at the head of the mailbox, oldest first.</summary>
    void UnstashAll();

    /// <summary>Puts the stashed messages that match at the head of the mailbox, oldest first, and discards the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Returns all stashed messages, oldest first, and empties the stash.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those that are stashed.</summary>
    /// <exception cref="StashOverflowException">They do not all fit.</exception>
    void Prepend(IEnumerable<Envelope> envelopes);
}
