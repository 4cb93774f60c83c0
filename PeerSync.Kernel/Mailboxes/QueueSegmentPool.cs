namespace PeerSync.Kernel;

/// <summary>Keeps a few segments of the largest capacity, so that a long queue in steady flow allocates nothing.</summary>
internal sealed class QueueSegmentPool
{
    // 3 MB at most.
    private const int Capacity = 128;

    private readonly QueueSegment?[] _segments = new QueueSegment?[Capacity];

    public QueueSegment Rent(int capacity)
    {
        if (capacity == QueueSegment.LargestCapacity)
        {
            for (var i = 0; i < _segments.Length; i++)
            {
                if (Volatile.Read(ref _segments[i]) is not null && Interlocked.Exchange(ref _segments[i], null) is { } segment)
                {
                    return segment;
                }
            }
        }

        return new QueueSegment(capacity);
    }

    /// <summary>Takes a segment that its consumer has recycled.</summary>
    public void Return(QueueSegment segment)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            if (Volatile.Read(ref _segments[i]) is null && Interlocked.CompareExchange(ref _segments[i], segment, null) is null)
            {
                return;
            }
        }
    }
}
