using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Actors.SocketIO;

/// <summary>Sends to one socket what is encoded for it alone.</summary>
public static class SocketIOSocketExtensions
{
    /// <summary>Sends an event.</summary>
    /// <param name="socket">The receiver.</param>
    /// <param name="name">The name as JSON: a string in its quotes, or a number.</param>
    /// <param name="arguments">The arguments as JSON with commas between them; empty for none.</param>
    /// <param name="ackId">The id under which an answer is awaited; null for none.</param>
    /// <param name="attachments">Binary attachments, to each of which one reference is taken over; null for none.</param>
    public static void Emit(
        this ISocketIOSocket socket,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> arguments,
        long? ackId = null,
        IReadOnlyList<MessageBuffer>? attachments = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var packet = MessageBuffer.Rent();
        SocketIOWriter.Event(packet, socket.Namespace, name, arguments, ackId, attachments?.Count ?? 0);
        socket.Send(packet, attachments ?? []);
    }

    /// <summary>Answers an event that asked for it. Each may be answered once.</summary>
    /// <param name="socket">Who sent the event.</param>
    /// <param name="ackId">The event's id.</param>
    /// <param name="arguments">The arguments as JSON with commas between them; empty for none.</param>
    /// <param name="attachments">Binary attachments, to each of which one reference is taken over; null for none.</param>
    public static void Acknowledge(
        this ISocketIOSocket socket, long ackId, ReadOnlySpan<byte> arguments = default, IReadOnlyList<MessageBuffer>? attachments = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var packet = MessageBuffer.Rent();
        SocketIOWriter.Ack(packet, socket.Namespace, ackId, arguments, attachments?.Count ?? 0);
        socket.Send(packet, attachments ?? []);
    }
}
