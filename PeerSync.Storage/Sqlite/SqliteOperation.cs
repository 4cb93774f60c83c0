using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Sqlite;

/// <summary>An operation on its way through a worker's thread.</summary>
/// <remarks>One thread runs and publishes it; any thread may abandon it.</remarks>
internal abstract class SqliteOperation
{
    private volatile bool _abandoned;

    /// <summary>Whether nobody waits for it any more, so that it need not begin.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>What <see cref="TryRun"/> failed with.</summary>
    public Exception? Fault { get; protected set; }

    /// <summary>Says that nobody waits for it any more.</summary>
    public void Abandon() => _abandoned = true;

    /// <summary>Runs it and keeps its outcome, which nobody sees before <see cref="Publish"/>.</summary>
    /// <returns>False when it threw.</returns>
    public abstract bool TryRun(DatabaseSession session);

    /// <summary>Gives the outcome to whoever waits.</summary>
    public abstract void Publish();

    /// <summary>Gives an exception instead of the outcome, unless that was published already.</summary>
    public abstract void Fail(Exception exception);
}
