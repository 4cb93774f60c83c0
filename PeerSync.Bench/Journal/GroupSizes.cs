using PeerSync.Storage;

namespace PeerSync.Bench.Journal;

/// <summary>Counts the groups, to tell how many events share a flush of the disk.</summary>
internal sealed class GroupSizes : IStorageEvents
{
    private long _groups;
    private long _events;

    public void EventsCommitted(int events, int batches, TimeSpan duration)
    {
        Interlocked.Increment(ref _groups);
        Interlocked.Add(ref _events, events);
    }

    /// <summary>Events per group since the last time.</summary>
    public double TakeMean() => (double)Interlocked.Exchange(ref _events, 0) / Math.Max(1, Interlocked.Exchange(ref _groups, 0));
}
