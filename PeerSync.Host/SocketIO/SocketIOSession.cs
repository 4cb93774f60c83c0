using System.Text;
using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Host.SocketIO;

/// <summary>The Socket.IO side of one session: puts packets and their attachments together, and hands them to the sockets of their namespaces.</summary>
/// <remarks>
/// Packets are read where they arrive and told to the sockets' actors from there, one after another, so that each actor has them in the order of their
/// sending. The lock is also that of the sockets; it is never held while something is waited for.
/// </remarks>
internal sealed class SocketIOSession : IEngineReceiver
{
    private readonly SocketIOServer _server;
    private readonly List<SocketIOSocket> _sockets = new(1);
    private PendingPacket? _pending;
    private bool _isClosed;

    internal SocketIOSession(SocketIOServer server, EngineSession engine)
    {
        _server = server;
        Engine = engine;
        engine.SetDeadline(server.Options.ConnectTimeout);
    }

    internal Lock Gate { get; } = new();

    internal EngineSession Engine { get; }

    internal SocketIOOptions Options => _server.Options;

    /// <inheritdoc />
    public void OnMessage(MessageBuffer message, int offset, bool isText, ICreditSource credit)
    {
        if (!isText)
        {
            OnAttachment(message, credit);
            return;
        }

        // A packet's attachments follow it at once.
        if (_pending is not null || SocketIOReader.Read(message.Span[offset..], Options.Packets, out var packet) != SocketIOReadStatus.Ok)
        {
            message.Release();
            credit.ReturnCredit();
            Violate();
            return;
        }

        if (packet.Attachments > 0)
        {
            // Its last attachment's credit stands for all of it: with its own kept, a client that may have one message under way could not send them.
            credit.ReturnCredit();
            _pending = new PendingPacket(message, offset, packet, new MessageBuffer[packet.Attachments]);
            return;
        }

        Dispatch(message, offset, packet, [], credit);
    }

    /// <inheritdoc />
    public void OnDeadline() => Engine.Close(SocketIODisconnectReason.ConnectTimeout);

    /// <inheritdoc />
    public void OnClosed(SocketIODisconnectReason reason)
    {
        lock (Gate)
        {
            _isClosed = true;
            foreach (var socket in _sockets)
            {
                socket.EndUnsynchronized(reason);
            }

            _sockets.Clear();
        }
    }

    /// <summary>Takes a socket out, under the lock.</summary>
    internal void RemoveUnsynchronized(SocketIOSocket socket) => _sockets.Remove(socket);

    private void OnAttachment(MessageBuffer message, ICreditSource credit)
    {
        if (_pending is not { } pending)
        {
            message.Release();
            credit.ReturnCredit();
            Violate();
            return;
        }

        message.IsBinary = true;
        pending.Attachments[pending.Count++] = message;
        pending.Size += message.Length;
        if (pending.Size > Options.MaxAttachmentBytes)
        {
            _pending = null;
            pending.Drop();
            credit.ReturnCredit();
            Violate();
        }
        else if (pending.Count == pending.Attachments.Length)
        {
            _pending = null;
            Dispatch(pending.Text, pending.Offset, pending.Packet, pending.Attachments, credit);
        }
        else
        {
            credit.ReturnCredit();
        }
    }

    private void Dispatch(MessageBuffer message, int offset, in SocketIOPacket packet, MessageBuffer[] attachments, ICreditSource credit)
    {
        var text = message.Span[offset..];
        var isFine = false;
        SocketIOInbound? inbound = null;
        var ns = packet.Namespace.Of(text);
        switch (packet.Type)
        {
            case SocketIOPacketType.Connect:
                isFine = TryConnect(ns, packet.Payload.Of(text), packet.Query.Of(text));
                break;
            case SocketIOPacketType.Disconnect:
                isFine = TryLeave(ns);
                break;
            case SocketIOPacketType.Event or SocketIOPacketType.BinaryEvent:
                inbound = new SocketIOEvent(message, offset, packet, attachments, credit);
                break;
            case SocketIOPacketType.Ack or SocketIOPacketType.BinaryAck:
                inbound = new SocketIOAnswer(message, offset, packet, attachments, credit);
                break;
        }

        if (inbound is not null)
        {
            isFine = TryDeliver(ns, inbound);
        }
        else
        {
            message.Release();
            credit.ReturnCredit();
        }

        if (!isFine)
        {
            Violate();
        }
    }

    private bool TryConnect(ReadOnlySpan<byte> name, ReadOnlySpan<byte> auth, ReadOnlySpan<byte> query)
    {
        if (_server.Find(name) is not { } ns)
        {
            var error = MessageBuffer.Rent();
            SocketIOWriter.ConnectError(error, name.IsEmpty ? SocketIOWriter.MainNamespace : Encoding.UTF8.GetString(name), "Invalid namespace");
            Engine.Send(error);
            return true;
        }

        lock (Gate)
        {
            if (FindUnsynchronized(ns) is not null)
            {
                return false;
            }

            if (_isClosed)
            {
                return true;
            }

            var socket = new SocketIOSocket(this, ns);
            _sockets.Add(socket);

            // The lock keeps the actor's first answer behind the message that it answers.
            socket.OpenUnsynchronized(
                ns.Application.CreateActor(socket) is { } props ? _server.System.ActorOf(props) : null, new SocketIOConnecting(auth.ToArray(), query.ToArray()));
            return true;
        }
    }

    private bool TryLeave(ReadOnlySpan<byte> name)
    {
        lock (Gate)
        {
            if (FindUnsynchronized(_server.Find(name)) is not { } socket)
            {
                return _isClosed;
            }

            _sockets.Remove(socket);
            socket.EndUnsynchronized(SocketIODisconnectReason.ClientLeft);
            return true;
        }
    }

    private bool TryDeliver(ReadOnlySpan<byte> name, SocketIOInbound inbound)
    {
        lock (Gate)
        {
            switch (FindUnsynchronized(_server.Find(name))?.DeliverUnsynchronized(inbound))
            {
                case SocketIODelivery.Done:
                    return true;
                case SocketIODelivery.TooMuch:
                    inbound.Complete();
                    break;
                default:
                    inbound.Complete();
                    return _isClosed;
            }
        }

        Engine.Close(SocketIODisconnectReason.TooMuchBeforeStart);
        return true;
    }

    private SocketIOSocket? FindUnsynchronized(SocketIONamespace? ns)
    {
        foreach (var socket in _sockets)
        {
            if (ReferenceEquals(socket.Ns, ns))
            {
                return socket;
            }
        }

        return null;
    }

    private void Violate() => Engine.Close(SocketIODisconnectReason.ProtocolViolation);

    /// <summary>A packet whose attachments are still on their way.</summary>
    private sealed class PendingPacket(MessageBuffer text, int offset, SocketIOPacket packet, MessageBuffer[] attachments)
    {
        internal MessageBuffer Text => text;

        internal int Offset => offset;

        internal SocketIOPacket Packet => packet;

        internal MessageBuffer[] Attachments => attachments;

        internal int Count { get; set; }

        internal long Size { get; set; }

        internal void Drop()
        {
            text.Release();
            foreach (var attachment in attachments.AsSpan(0, Count))
            {
                attachment.Release();
            }
        }
    }
}
