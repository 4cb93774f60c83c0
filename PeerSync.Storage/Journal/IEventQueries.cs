namespace PeerSync.Storage.Journal;

/// <summary>Reads and clears events of the journal for those who are not their actor.</summary>
/// <remarks>
/// Thread-safe. Every method throws <see cref="StorageUnavailableException"/> when the database fails, <see cref="ObjectDisposedException"/> once it is closed,
/// and <see cref="OperationCanceledException"/> when it is cancelled. Names are compared byte by byte in UTF-8.
/// </remarks>
public interface IEventQueries
{
    /// <summary>Reads events of one actor in their order.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="afterSequenceNr">The number behind which the page begins; 0 for the beginning.</param>
    /// <param name="toSequenceNr">The last number.</param>
    /// <param name="notBefore">Events that are older are left out.</param>
    /// <param name="maxEvents">The most events, 1 to 10,000.</param>
    /// <param name="maxBytes">The most bytes of messages, 1 and up. An event that is larger comes alone.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<EventPage> ReadPageAsync(
        string persistenceId,
        long afterSequenceNr,
        long toSequenceNr,
        DateTimeOffset notBefore,
        int maxEvents,
        long maxBytes,
        CancellationToken cancellationToken);

    /// <summary>Reads events of one actor that carry a tag, the newest first.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="limit">The most events, 0 to 1,000.</param>
    /// <param name="offset">How many of the newest to leave out.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<TaggedEvents> ReadTaggedAsync(string persistenceId, string tag, int limit, int offset, CancellationToken cancellationToken);

    /// <summary>Finds events of all actors by a range of tags, in the order of the tags. Costs as much as it finds.</summary>
    /// <param name="tagPrefix">The first tag of the range.</param>
    /// <param name="lastTag">The last one.</param>
    /// <param name="max">The most events, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindTaggedUpToAsync(
        string tagPrefix, string lastTag, int max, CancellationToken cancellationToken);

    /// <summary>Finds actors that have old events.</summary>
    /// <remarks>
    /// One call looks at the 10,000 oldest events at most, so that a backlog does not make it long: the number that it tells of an actor may be lower than that of
    /// the actor's last old event. Whoever deletes up to these numbers and asks again comes to the end.
    /// </remarks>
    /// <param name="persistenceIdPrefix">What their ids begin with.</param>
    /// <param name="createdBefore">Events that were persisted before this are old.</param>
    /// <param name="max">The most actors, 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The actors, each with the highest number of its old events.</returns>
    Task<IReadOnlyList<(string PersistenceId, long SequenceNr)>> FindOldAsync(
        string persistenceIdPrefix, DateTimeOffset createdBefore, int max, CancellationToken cancellationToken);

    /// <summary>Deletes single events with their tags. The highest number of the actor stays known. Numbers that are not there are left alone.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="sequenceNrs">Which.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    Task DeleteAsync(string persistenceId, IReadOnlyCollection<long> sequenceNrs, CancellationToken cancellationToken);

    /// <summary>Deletes everything of an actor, in batches: events, tags, snapshots, and the memory of its highest number.</summary>
    /// <remarks>For actors that have stopped for good: one that writes meanwhile may lose events, or be refused.</remarks>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>How many events there were.</returns>
    Task<long> DeleteStreamAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>Counts the events of an actor that are not deleted.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<long> CountAsync(string persistenceId, CancellationToken cancellationToken);
}
