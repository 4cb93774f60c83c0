namespace PeerSync.Storage.Journal;

/// <summary>Batches that are written together, with one flush of the disk.</summary>
internal sealed class JournalGroup(long takenAt)
{
    /// <summary>The batches, those of one actor next to each other and in order.</summary>
    public List<JournalBatch> Batches { get; } = [];

    /// <summary>Whose batches they are.</summary>
    public List<JournalStream> Streams { get; } = [];

    /// <summary>How many events there are.</summary>
    public int Events { get; private set; }

    /// <summary>About how much memory they take.</summary>
    public long Bytes { get; private set; }

    /// <summary>The timestamp at which it was put together.</summary>
    public long TakenAt => takenAt;

    /// <summary>Adds a batch.</summary>
    public void Add(JournalBatch batch)
    {
        Batches.Add(batch);
        Events += batch.Entries.Length;
        Bytes += batch.Bytes;
    }
}
