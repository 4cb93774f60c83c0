namespace PeerSync.Kernel;

/// <summary>A ring of slots with many producers and one consumer. Full rings are frozen and followed by a larger one.</summary>
internal sealed class QueueSegment
{
    /// <summary>Set in <see cref="Tail"/> when no producer may claim a position any more.</summary>
    public const long Frozen = 1;

    /// <summary>What claiming a position adds to <see cref="Tail"/>.</summary>
    public const long OnePosition = 2;

    /// <summary>The capacity that a mailbox starts with: most actors have at most a few messages waiting.</summary>
    public const int SmallestCapacity = 4;

    /// <summary>The largest ring: 24 KB, which stays out of the large object heap. Longer queues are chains of these, and these are recycled.</summary>
    public const int LargestCapacity = 1024;

    private const int PositionBits = 32;
    private const int GrowthFactor = 4;

    /// <summary>What stands for the queue of a stopped actor: frozen for ever.</summary>
    public static readonly QueueSegment Closed = new(SmallestCapacity) { Tail = Frozen };

    public readonly QueueSlot[] Slots;

    /// <summary>The segment after this one; written once, after the freeze.</summary>
    public QueueSegment? Next;

    /// <summary>Where the consumer begins.</summary>
    public int Start;

    /// <summary>
    /// From the low bit up: frozen (1 bit), next position (32 bits), generation (31 bits). The generation changes whenever the segment is reused, so that
    /// a producer which held on to the segment since an earlier life can never claim a position in it.
    /// </summary>
    public long Tail;

    public QueueSegment(int capacity)
    {
        Slots = new QueueSlot[capacity];
        for (var i = 0; i < Slots.Length; i++)
        {
            Slots[i].Sequence = i;
        }
    }

    public int NextCapacity => Math.Min(Slots.Length * GrowthFactor, LargestCapacity);

    public static int Position(long tail) => (int)(tail >> 1);

    /// <summary>Makes a drained and frozen segment usable again. Only the consumer that drained it may call this.</summary>
    public void Recycle()
    {
        var tail = Tail;
        var generation = (tail >> (PositionBits + 1)) + 1;
        var position = (uint)Position(tail);
        Start = (int)position;
        Next = null;
        Volatile.Write(ref Tail, (generation << (PositionBits + 1)) | ((long)position << 1));
    }
}
