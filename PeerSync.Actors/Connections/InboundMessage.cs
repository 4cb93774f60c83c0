using PeerSync.Protocol.Buffers;

namespace PeerSync.Actors.Connections;

/// <summary>A whole message that a socket received, on its way to the connection's actor.</summary>
/// <remarks>Pooled: the actor calls <see cref="Recycle"/> once it has dealt with the message, and touches it no more. It never leaves the actor.</remarks>
public sealed class InboundMessage
{
    private MessageBuffer? _buffer;

    private InboundMessage()
    {
    }

    /// <summary>The message's bytes. Text is known to be valid UTF-8, binary is not.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer is null ? default : _buffer.Span;

    /// <summary>Whether it came in text frames.</summary>
    public bool IsText { get; private set; }

    /// <summary>Wraps a message and takes over the reference to its bytes.</summary>
    public static InboundMessage Rent(MessageBuffer buffer, bool isText)
    {
        if (!ReusePool<InboundMessage>.TryTake(out var message))
        {
            message = new InboundMessage();
        }

        message._buffer = buffer;
        message.IsText = isText;
        return message;
    }

    /// <summary>Takes the bytes over, reference and all, to send or keep them; the message is recycled.</summary>
    /// <exception cref="InvalidOperationException">They are gone already.</exception>
    public MessageBuffer Take()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null) ?? throw new InvalidOperationException("The message was recycled already.");
        ReusePool<InboundMessage>.Give(this);
        return buffer;
    }

    /// <summary>Releases the bytes and gives the message back. A second call does nothing.</summary>
    public void Recycle()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is null)
        {
            return;
        }

        buffer.Release();
        ReusePool<InboundMessage>.Give(this);
    }
}
