using System.Buffers;

namespace PeerSync.Protocol.Buffers;

/// <summary>The bytes of one message in pooled memory, written once and then read by one or several owners.</summary>
/// <remarks>
/// Written by one thread through <see cref="IBufferWriter{T}"/>, then shared: whoever rented it holds one reference, <see cref="Retain"/> adds one,
/// <see cref="Release"/> gives one back, and the last one returns the memory. A reference that is lost costs the pool one array and nothing else;
/// one <see cref="Release"/> too many throws, because the memory may by then be somebody else's message.
/// </remarks>
public sealed class MessageBuffer : IBufferWriter<byte>
{
    private const int InitialCapacity = 512;

    // Larger arrays go back to the shared array pool at once, so that a rare large message does not pin its memory in an idle buffer.
    private const int MaxKeptCapacity = 4096;

    private byte[] _array = [];
    private int _length;
    private int _references;

    private MessageBuffer()
    {
    }

    /// <summary>The bytes written so far. Valid until the last reference is released.</summary>
    public ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <summary>The bytes written so far. Valid until the last reference is released.</summary>
    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    /// <summary>The number of bytes written so far.</summary>
    public int Length => _length;

    /// <summary>Whether the bytes are no text, so that a WebSocket sends them in a binary frame. False at first; set before the buffer is shared.</summary>
    public bool IsBinary { get; set; }

    /// <summary>Takes an empty buffer with one reference.</summary>
    /// <param name="sizeHint">How many bytes will be written, if known; the buffer grows when it was too small.</param>
    public static MessageBuffer Rent(int sizeHint = 0)
    {
        if (!ReusePool<MessageBuffer>.TryTake(out var buffer))
        {
            buffer = new MessageBuffer();
        }

        buffer._references = 1;
        buffer._length = 0;
        buffer.IsBinary = false;
        buffer.EnsureFree(Math.Max(sizeHint, InitialCapacity));
        return buffer;
    }

    /// <summary>Takes a buffer that holds a copy of some bytes.</summary>
    public static MessageBuffer Copy(ReadOnlySpan<byte> bytes)
    {
        var buffer = Rent(bytes.Length);
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
        return buffer;
    }

    /// <summary>Adds a reference.</summary>
    public void Retain() => Interlocked.Increment(ref _references);

    /// <summary>Gives a reference back; the last one returns the memory.</summary>
    /// <exception cref="InvalidOperationException">There was no reference left.</exception>
    public void Release()
    {
        var references = Interlocked.Decrement(ref _references);
        if (references > 0)
        {
            return;
        }

        if (references < 0)
        {
            ThrowReleased();
        }

        if (_array.Length > MaxKeptCapacity)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = [];
        }

        ReusePool<MessageBuffer>.Give(this);

        static void ThrowReleased() => throw new InvalidOperationException("The message buffer was released more often than it was retained.");
    }

    /// <inheritdoc />
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _length);
        _length += count;
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _array.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _array.AsSpan(_length);
    }

    private void EnsureFree(int count)
    {
        if (_array.Length - _length >= count)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_length + count, _array.Length * 2)));
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
