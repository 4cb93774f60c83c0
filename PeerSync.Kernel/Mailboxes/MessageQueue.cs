using System.Runtime.CompilerServices;

namespace PeerSync.Kernel;

/// <summary>A queue of messages with many producers and one consumer, which allocates nothing while its length stays within what it had before.</summary>
/// <remarks>
/// Producers claim a position by advancing the tail of the last segment, then publish the slot. A full segment is frozen by one producer, which links the
/// next one. A base class and not a member, because every actor has one and an object header per actor counts.
/// </remarks>
internal abstract class MessageQueue
{
    private const int PublicationSpins = 64;

    private QueueSegment? _head;
    private QueueSegment? _tail;
    private int _headPosition;

    protected enum Dequeued
    {
        Message,
        Empty,

        // A producer has claimed the next position and has not written it yet.
        Pending,
    }

    /// <summary>Whether a producer has claimed a position that was not consumed. Exact for the consumer, a hint for everybody else.</summary>
    protected bool HasMessages
    {
        get
        {
            var segment = Volatile.Read(ref _head);
            if (segment is null)
            {
                return false;
            }

            var tail = Volatile.Read(ref segment.Tail);
            return QueueSegment.Position(tail) != _headPosition || (tail & QueueSegment.Frozen) != 0;
        }
    }

    /// <summary>How many slots the consumer's segment has; 0 when nothing was ever enqueued.</summary>
    protected int Capacity => _head?.Slots.Length ?? 0;

    protected abstract QueueSegmentPool Segments { get; }

    /// <summary>Adds a message. Full fence before it returns true.</summary>
    /// <returns>False when the queue is closed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryEnqueue(object message, IActorRef? sender)
    {
        // The path of nearly every message, kept small; everything else happens in the loop below.
        var segment = Volatile.Read(ref _tail);
        if (segment is not null)
        {
            var tail = Volatile.Read(ref segment.Tail);
            if ((tail & QueueSegment.Frozen) == 0 && TryClaim(segment, tail, message, sender) == Claim.Done)
            {
                return true;
            }
        }

        return EnqueueSlow(message, sender, gate: null) == EnqueueResult.Enqueued;
    }

    /// <summary>Adds a message unless the gate is shut, with both decided in one step: see <see cref="ShutGate"/>.</summary>
    protected EnqueueResult TryEnqueue(object message, IActorRef? sender, MailboxGate gate)
    {
        var segment = Volatile.Read(ref _tail);
        if (segment is not null)
        {
            // The tail before the gate: see ShutGate.
            var tail = Volatile.Read(ref segment.Tail);
            if ((tail & QueueSegment.Frozen) == 0 && gate.IsOpen && TryClaim(segment, tail, message, sender) == Claim.Done)
            {
                return EnqueueResult.Enqueued;
            }
        }

        return EnqueueSlow(message, sender, gate);
    }

    /// <summary>
    /// Makes sure that every message which passed the gate is already in the queue, ahead of whatever is enqueued from here on. The gate itself must
    /// have been shut before the call.
    /// </summary>
    /// <remarks>
    /// A gated producer reads the tail, then the gate, then claims by compare-and-swap. Freezing the segment makes the claim of each producer that read
    /// the tail before fail, and whoever reads the tail of the next segment sees the gate shut.
    /// </remarks>
    internal void ShutGate()
    {
        var spinner = default(SpinWait);
        while (true)
        {
            var segment = Volatile.Read(ref _tail);
            if (segment is null)
            {
                segment = CreateFirst();
            }

            if (ReferenceEquals(segment, QueueSegment.Closed))
            {
                return;
            }

            var tail = Volatile.Read(ref segment.Tail);
            if ((tail & QueueSegment.Frozen) == 0)
            {
                var next = new QueueSegment(QueueSegment.SmallestCapacity);
                if (TryFollow(segment, tail, next))
                {
                    return;
                }
            }

            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Takes the oldest message. Consumer only.</summary>
    protected Dequeued TryDequeue(out object message, out IActorRef? sender)
    {
        var segment = _head;
        while (segment is not null)
        {
            var slots = segment.Slots;
            var position = _headPosition;
            ref var slot = ref slots[position & (slots.Length - 1)];
            if (Volatile.Read(ref slot.Sequence) == position + 1)
            {
                message = slot.Message!;
                sender = slot.Sender;
                slot.Message = null;
                slot.Sender = null;
                Volatile.Write(ref slot.Sequence, position + slots.Length);
                _headPosition = position + 1;
                return Dequeued.Message;
            }

            var tail = Volatile.Read(ref segment.Tail);
            if (QueueSegment.Position(tail) != position)
            {
                if (AwaitPublication(ref slot, position))
                {
                    continue;
                }

                message = null!;
                sender = null;
                return Dequeued.Pending;
            }

            if ((tail & QueueSegment.Frozen) == 0)
            {
                break;
            }

            var next = Volatile.Read(ref segment.Next);
            if (next is null)
            {
                message = null!;
                sender = null;
                return Dequeued.Pending;
            }

            if (ReferenceEquals(next, QueueSegment.Closed))
            {
                break;
            }

            MoveTo(next, segment);
            segment = next;
        }

        message = null!;
        sender = null;
        return Dequeued.Empty;
    }

    /// <summary>Refuses all further messages; those already in stay to be dequeued. Consumer only.</summary>
    protected void CloseQueue()
    {
        var spinner = default(SpinWait);
        while (true)
        {
            var segment = Volatile.Read(ref _tail);
            if (segment is null)
            {
                if (Interlocked.CompareExchange(ref _tail, QueueSegment.Closed, null) is null)
                {
                    return;
                }

                continue;
            }

            if (ReferenceEquals(segment, QueueSegment.Closed))
            {
                return;
            }

            var tail = Volatile.Read(ref segment.Tail);
            if ((tail & QueueSegment.Frozen) == 0 && TryFollow(segment, tail, QueueSegment.Closed))
            {
                return;
            }

            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Gives up the memory of a queue that had grown and is empty. Consumer only.</summary>
    /// <returns>False when it is not empty.</returns>
    protected bool TryShrink()
    {
        var segment = _head;
        if (segment is null || segment.Slots.Length <= QueueSegment.SmallestCapacity)
        {
            return true;
        }

        var tail = Volatile.Read(ref segment.Tail);
        if (QueueSegment.Position(tail) != _headPosition || (tail & QueueSegment.Frozen) != 0)
        {
            return false;
        }

        var small = new QueueSegment(QueueSegment.SmallestCapacity);
        if (!TryFollow(segment, tail, small))
        {
            return false;
        }

        MoveTo(small, segment);
        return true;
    }

    /// <summary>Called by a producer after the queue has grown beyond its smallest size.</summary>
    protected abstract void OnGrown();

    private static bool AwaitPublication(ref QueueSlot slot, int position)
    {
        for (var i = 0; i < PublicationSpins; i++)
        {
            if (Volatile.Read(ref slot.Sequence) == position + 1)
            {
                return true;
            }

            Thread.SpinWait(4);
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Claim TryClaim(QueueSegment segment, long tail, object message, IActorRef? sender)
    {
        // Segments are reused by other queues. Seen again as this queue's last one after its tail was read, the tail belongs to this queue or the
        // compare-and-swap fails on the generation.
        if (!ReferenceEquals(Volatile.Read(ref _tail), segment))
        {
            return Claim.Lost;
        }

        var slots = segment.Slots;
        var position = QueueSegment.Position(tail);
        ref var slot = ref slots[position & (slots.Length - 1)];
        var difference = Volatile.Read(ref slot.Sequence) - position;
        if (difference == 0 && Interlocked.CompareExchange(ref segment.Tail, tail + QueueSegment.OnePosition, tail) == tail)
        {
            slot.Message = message;
            slot.Sender = sender;
            Volatile.Write(ref slot.Sequence, position + 1);
            return Claim.Done;
        }

        return difference < 0 ? Claim.Full : Claim.Lost;
    }

    private EnqueueResult EnqueueSlow(object message, IActorRef? sender, MailboxGate? gate)
    {
        var spinner = default(SpinWait);
        while (true)
        {
            var segment = Volatile.Read(ref _tail) ?? CreateFirst();
            var tail = Volatile.Read(ref segment.Tail);
            if ((tail & QueueSegment.Frozen) != 0)
            {
                if (ReferenceEquals(segment, QueueSegment.Closed))
                {
                    return EnqueueResult.Closed;
                }

                // The producer that froze it is about to publish the next segment.
                spinner.SpinOnce(sleep1Threshold: -1);
                continue;
            }

            if (gate is { IsOpen: false })
            {
                return EnqueueResult.GateShut;
            }

            switch (TryClaim(segment, tail, message, sender))
            {
                case Claim.Done:
                    return EnqueueResult.Enqueued;
                case Claim.Full:
                    Grow(segment, tail);
                    break;
                default:
                    break;
            }
        }
    }

    private QueueSegment CreateFirst()
    {
        // The head first: once the tail is set, a producer may enqueue and the consumer must find what it wrote.
        var first = Volatile.Read(ref _head);
        if (first is null)
        {
            var created = new QueueSegment(QueueSegment.SmallestCapacity);
            first = Interlocked.CompareExchange(ref _head, created, null) ?? created;
        }

        return Interlocked.CompareExchange(ref _tail, first, null) ?? first;
    }

    private void Grow(QueueSegment segment, long tail)
    {
        if (!ReferenceEquals(Volatile.Read(ref _tail), segment))
        {
            return;
        }

        var next = Segments.Rent(segment.NextCapacity);
        if (TryFollow(segment, tail, next))
        {
            OnGrown();
        }
        else if (next.Slots.Length == QueueSegment.LargestCapacity)
        {
            Segments.Return(next);
        }
    }

    private bool TryFollow(QueueSegment segment, long tail, QueueSegment next)
    {
        if (Interlocked.CompareExchange(ref segment.Tail, tail | QueueSegment.Frozen, tail) != tail)
        {
            return false;
        }

        Volatile.Write(ref segment.Next, next);
        Volatile.Write(ref _tail, next);
        return true;
    }

    private void MoveTo(QueueSegment next, QueueSegment drained)
    {
        _headPosition = next.Start;
        Volatile.Write(ref _head, next);
        if (drained.Slots.Length == QueueSegment.LargestCapacity)
        {
            // Until the tail has moved on, a producer could still take the drained segment for this queue's last one.
            var spinner = default(SpinWait);
            while (ReferenceEquals(Volatile.Read(ref _tail), drained))
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }

            drained.Recycle();
            Segments.Return(drained);
        }
    }

    private enum Claim
    {
        Done,
        Full,
        Lost,
    }
}
