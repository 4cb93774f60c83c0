using PeerSync.Kernel;

namespace PeerSync.Storage.Journal;

/// <summary>The events of one call to write, which are written all or none.</summary>
/// <remarks>Whoever has taken it decides it; the committer publishes. Settling by either a result or a passed deadline is safe on any thread.</remarks>
internal sealed class JournalBatch(string persistenceId, string writerUuid, JournalEntry[] entries, long bytes)
{
    // The waiters go on elsewhere: the thread that commits must not run them.
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose events.</summary>
    public string PersistenceId => persistenceId;

    /// <summary>The incarnation that writes.</summary>
    public string WriterUuid => writerUuid;

    /// <summary>The events; at least one, with numbers that follow each other.</summary>
    public ReadOnlySpan<JournalEntry> Entries => entries;

    /// <summary>About how much memory they take.</summary>
    public long Bytes => bytes;

    /// <summary>The first number.</summary>
    public long First => entries[0].SequenceNr;

    /// <summary>The last number.</summary>
    public long Last => entries[^1].SequenceNr;

    /// <summary>The timestamp, of the committer's clock, after which nobody waits any more.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether an outcome is known, which counts only once the group has been committed.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Why it was decided that the events are not written, or null.</summary>
    public Exception? Refusal { get; private set; }

    /// <summary>Completes when the events are durable, and fails when they are refused or late.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Whether another batch comes from the same incarnation of the same actor.</summary>
    public bool HasWriterOf(JournalBatch? other) => other is not null && other.WriterUuid == WriterUuid && other.PersistenceId == PersistenceId;

    /// <summary>Decides that the events have been written, or had been before.</summary>
    public void Accept() => IsDecided = true;

    /// <summary>Decides that the events are not written, because they do not follow what is stored.</summary>
    public void RefuseAsConflict(Exception? cause = null) => Refuse(new JournalConflictException(PersistenceId, cause));

    /// <summary>Decides that the events are not written.</summary>
    public void Refuse(Exception reason)
    {
        Refusal = reason;
        IsDecided = true;
    }

    /// <summary>Forgets the outcome, because the transaction in which it came about was lost.</summary>
    public void Undecide()
    {
        Refusal = null;
        IsDecided = false;
    }

    /// <summary>Tells the outcome to whoever waits.</summary>
    public void Publish()
    {
        if (Refusal is null)
        {
            _completion.TrySetResult();
        }
        else
        {
            _completion.TrySetException(Refusal);
        }
    }

    /// <summary>Fails it, unless it was settled.</summary>
    public void Fail(Exception reason) => _completion.TrySetException(reason);
}
