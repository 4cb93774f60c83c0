namespace PeerSync.Storage.Journal;

/// <summary>What one actor has to write. Its batches are written in their order, and only one group at a time holds some of them.</summary>
/// <remarks>Not thread-safe: the committer guards it.</remarks>
internal sealed class JournalStream(string persistenceId)
{
    /// <summary>Whose.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>The batches, the oldest first. Those that a group has taken stay in until their outcome is known.</summary>
    public Queue<JournalBatch> Batches { get; } = new();

    /// <summary>How many of the first batches a group has taken.</summary>
    public int Taken { get; set; }

    /// <summary>Whether it waits for its turn.</summary>
    public bool IsReady { get; set; }
}
