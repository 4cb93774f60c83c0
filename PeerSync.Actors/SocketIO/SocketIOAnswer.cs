using PeerSync.Actors.Connections;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Actors.SocketIO;

/// <summary>A client's answer to an event that asked for one. A client may answer what nobody asked; ids that are not awaited are to be ignored.</summary>
public sealed class SocketIOAnswer : SocketIOInbound
{
    /// <inheritdoc cref="SocketIOInbound(MessageBuffer, int, in SocketIOPacket, MessageBuffer[], ICreditSource)"/>
    public SocketIOAnswer(MessageBuffer text, int offset, in SocketIOPacket packet, MessageBuffer[] attachments, ICreditSource credit)
        : base(text, offset, packet, attachments, credit)
    {
    }

    /// <summary>The id that the event had.</summary>
    public long AckId => Packet.AckId.GetValueOrDefault();
}
