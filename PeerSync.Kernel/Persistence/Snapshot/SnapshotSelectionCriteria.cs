namespace PeerSync.Kernel;

/// <summary>Says which snapshots are meant.</summary>
/// <param name="MaxSequenceNr">None of a later event.</param>
/// <param name="MaxTimeStamp">None taken later.</param>
/// <param name="MinSequenceNr">None of an earlier event.</param>
/// <param name="MinTimestamp">None taken earlier; null for no limit.</param>
public sealed record SnapshotSelectionCriteria(long MaxSequenceNr, DateTime MaxTimeStamp, long MinSequenceNr = 0, DateTime? MinTimestamp = null)
{
    /// <summary>The latest one.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    /// <summary>None: recovery reads every event.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);
}
