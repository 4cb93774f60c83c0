using PeerSync.Actors.Connections;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Actors.SocketIO;

/// <summary>What an event and an answer have in common: arguments as the client sent them, and the credit that reading them took.</summary>
/// <remarks>
/// Its content never changes. Whoever deals with it last calls <see cref="Complete"/>, once its slices are no longer needed; until then it counts against
/// the messages that the client may have on their way, and when there are too many of those its connection is not read.
/// </remarks>
public abstract class SocketIOInbound
{
    private readonly MessageBuffer _text;
    private readonly int _offset;
    private readonly ICreditSource _credit;
    private readonly MessageBuffer[] _attachments;
    private int _completed;

    /// <param name="text">The packet; its reference is taken over.</param>
    /// <param name="offset">Where in the text the packet begins.</param>
    /// <param name="packet">What was read there.</param>
    /// <param name="attachments">The binary attachments in their order; their references are taken over.</param>
    /// <param name="credit">Gets the packet's credit back.</param>
    protected SocketIOInbound(MessageBuffer text, int offset, in SocketIOPacket packet, MessageBuffer[] attachments, ICreditSource credit)
    {
        _text = text;
        _offset = offset;
        Packet = packet;
        _attachments = attachments;
        _credit = credit;
    }

    /// <summary>The arguments as JSON, with the commas between them; placeholders stand for attachments.</summary>
    public ReadOnlySpan<byte> Arguments => Of(Packet.Arguments);

    /// <summary>The first argument as JSON; empty where there is none.</summary>
    public ReadOnlySpan<byte> FirstArgument => Of(Packet.FirstArgument);

    /// <summary>How many arguments there are.</summary>
    public int ArgumentCount => Packet.ArgumentCount;

    /// <summary>The binary attachments, by the number that their placeholders have. To send one on, retain it.</summary>
    public IReadOnlyList<MessageBuffer> Attachments => _attachments;

    /// <summary>How many bytes it holds.</summary>
    public long Size
    {
        get
        {
            long size = _text.Length;
            foreach (var attachment in _attachments)
            {
                size += attachment.Length;
            }

            return size;
        }
    }

    /// <summary>What was read.</summary>
    protected SocketIOPacket Packet { get; }

    /// <summary>Gives bytes and credit back. A second call does nothing.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            return;
        }

        _text.Release();
        foreach (var attachment in _attachments)
        {
            attachment.Release();
        }

        _credit.ReturnCredit();
    }

    /// <summary>A part of the packet.</summary>
    protected ReadOnlySpan<byte> Of(TextSlice slice) => slice.Of(_text.Span[_offset..]);
}
