namespace PeerSync.Storage;

/// <summary>What the storage tells its host, for logs and metrics. Every member does nothing unless it is implemented.</summary>
/// <remarks>
/// Called from any thread, also from the one that commits: an implementation returns quickly and does not throw. Nothing that is passed holds
/// values of rows or parameters, but an exception's text is the engine's own and belongs in logs only.
/// </remarks>
public interface IStorageEvents
{
    /// <summary>A migration has been applied and committed.</summary>
    /// <param name="number">Its number, 1 and up.</param>
    /// <param name="name">Its name, without the number.</param>
    /// <param name="duration">How long it took.</param>
    void MigrationApplied(int number, string name, TimeSpan duration)
    {
    }

    /// <summary>One transaction has been committed.</summary>
    /// <param name="operations">How many operations it held; always 1 on PostgreSQL.</param>
    /// <param name="duration">From its beginning to the durable commit.</param>
    void TransactionCommitted(int operations, TimeSpan duration)
    {
    }

    /// <summary>One group of events has been committed to the journal.</summary>
    /// <param name="events">How many events it held.</param>
    /// <param name="batches">How many writes of actors it held; those that were refused count too.</param>
    /// <param name="duration">From taking the group to the durable commit.</param>
    void EventsCommitted(int events, int batches, TimeSpan duration)
    {
    }

    /// <summary>Events were refused, because another writer has gone on with their stream or because the engine does not take them.</summary>
    /// <param name="events">How many.</param>
    /// <param name="reason">What their writer gets.</param>
    void EventsRefused(int events, Exception reason)
    {
    }

    /// <summary>An operation failed in a passing way, without effect, and is run once more.</summary>
    /// <param name="operation">What was being done.</param>
    /// <param name="reason">The engine's exception.</param>
    void OperationRetried(string operation, Exception reason)
    {
    }

    /// <summary>An operation failed and its caller was told so.</summary>
    /// <param name="operation">What was being done.</param>
    /// <param name="exception">What the caller gets, with the engine's exception inside.</param>
    void OperationFailed(string operation, Exception exception)
    {
    }
}
