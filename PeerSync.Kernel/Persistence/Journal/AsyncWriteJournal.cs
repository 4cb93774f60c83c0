namespace PeerSync.Kernel;

/// <summary>Where events are kept. Implemented over a database; every persistent actor of a system uses the same one.</summary>
/// <remarks>
/// Thread-safe. In Akka.NET a journal is an actor; here it is an object that actors call, because many actors' writes are to be committed
/// together and a mailbox in between would only delay them.
/// </remarks>
public abstract class AsyncWriteJournal
{
    /// <summary>Writes events of one actor, all or none; they are durable when the task completes.</summary>
    /// <param name="messages">The events, with sequence numbers that follow each other. The list is the caller's again when the task completes.</param>
    /// <exception cref="ArgumentException">An event cannot be serialized. Nothing was written.
    /// The same holds for whatever this method throws instead of returning a task.</exception>
    /// <exception cref="JournalConflictException">One of the sequence numbers is taken: another incarnation has written meanwhile. Nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">The journal did not take the events in time. Whether they were written is not known.</exception>
    public abstract Task WriteMessagesAsync(IReadOnlyList<Persistent> messages);

    /// <summary>Reads events of one actor in their order. Sequence numbers may have gaps, where events were deleted.</summary>
    /// <param name="persistenceId">Whose events.</param>
    /// <param name="fromSequenceNr">The first sequence number to read.</param>
    /// <param name="toSequenceNr">The last one.</param>
    /// <param name="max">The most events to read.</param>
    /// <param name="recoveryCallback">Called for each event, one call at a time, on any thread.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="JournalUnavailableException">The events cannot be read.</exception>
    public abstract Task ReplayMessagesAsync(
        string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<Persistent> recoveryCallback, CancellationToken cancellationToken);

    /// <summary>The highest sequence number that an actor ever wrote, deleted events included; 0 where it wrote none.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="fromSequenceNr">What the answer is known not to be below.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="JournalUnavailableException">The number cannot be read.</exception>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken);

    /// <summary>Deletes an actor's events up to a sequence number, in small batches. The highest number stays known.</summary>
    /// <exception cref="JournalUnavailableException">Not all of them could be deleted.</exception>
    public abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken);
}
