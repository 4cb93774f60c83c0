using PeerSync.Protocol.Buffers;

namespace PeerSync.Host.Sockets;

/// <summary>What waits to be written to one socket: bounded in messages and bytes, first in first out.</summary>
/// <remarks>
/// Many threads add, one writer takes. The lock covers a few assignments and never I/O. The ring is made with the first message and
/// dropped when it drains after having grown, so that an idle socket holds no queue.
/// </remarks>
internal sealed class OutboundQueue(int maxMessages, long maxBytes)
{
    private const int InitialCapacity = 4;
    private const int KeptCapacity = 16;

    private readonly Lock _gate = new();
    private MessageBuffer?[] _ring = [];
    private int _head;
    private int _count;
    private long _bytes;
    private bool _writing;
    private bool _controlRequested;
    private bool _closed;

    /// <summary>How adding a message ended.</summary>
    internal enum AddResult
    {
        /// <summary>Queued; a writer is at work and will find it.</summary>
        Queued,

        /// <summary>Queued, and the caller must start the writer.</summary>
        StartWriter,

        /// <summary>No room: the consumer is too slow.</summary>
        Full,

        /// <summary>The queue takes nothing more.</summary>
        Closed,
    }

    /// <summary>Bytes waiting; may be read at any time.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Messages waiting; may be read at any time.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Adds a message. The queue takes the reference over only where it is queued.</summary>
    internal AddResult TryAdd(MessageBuffer message)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return AddResult.Closed;
            }

            // A message that is larger than the bound goes alone.
            if (_count >= maxMessages || (_count > 0 && _bytes + message.Length > maxBytes))
            {
                return AddResult.Full;
            }

            if (_count == _ring.Length)
            {
                Grow();
            }

            _ring[(_head + _count) & (_ring.Length - 1)] = message;
            _count++;
            _bytes += message.Length;
            return StartWriterUnsynchronized();
        }
    }

    /// <summary>Asks for the writer without adding a message, for the sake of a control frame. Possible on a completed queue too.</summary>
    internal AddResult RequestWriter()
    {
        lock (_gate)
        {
            _controlRequested = true;
            return StartWriterUnsynchronized();
        }
    }

    /// <summary>Takes the oldest message; the caller owns its reference.</summary>
    internal MessageBuffer? TryTake()
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                return null;
            }

            var message = _ring[_head]!;
            _ring[_head] = null;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
            _bytes -= message.Length;
            return message;
        }
    }

    /// <summary>The writer goes idle, unless something came in since it last looked.</summary>
    /// <returns>True when the writer is idle; false when it must go on.</returns>
    internal bool TryGoIdle()
    {
        lock (_gate)
        {
            if (_count > 0 || _controlRequested)
            {
                _controlRequested = false;
                return false;
            }

            if (_ring.Length > KeptCapacity)
            {
                _ring = [];
                _head = 0;
            }

            _writing = false;
            return true;
        }
    }

    /// <summary>Refuses further messages and releases those that wait.</summary>
    internal void Clear()
    {
        MessageBuffer?[] ring;
        lock (_gate)
        {
            _closed = true;
            ring = _ring;
            _ring = [];
            _head = 0;
            _count = 0;
            _bytes = 0;
        }

        foreach (var message in ring)
        {
            message?.Release();
        }
    }

    /// <summary>Refuses further messages; those that wait are still written.</summary>
    internal void Complete()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private AddResult StartWriterUnsynchronized()
    {
        if (_writing)
        {
            return AddResult.Queued;
        }

        _writing = true;
        return AddResult.StartWriter;
    }

    private void Grow()
    {
        var larger = new MessageBuffer?[Math.Max(InitialCapacity, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        }

        _ring = larger;
        _head = 0;
    }
}
