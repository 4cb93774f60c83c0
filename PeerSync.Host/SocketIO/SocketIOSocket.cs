using PeerSync.Actors.SocketIO;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.SocketIO;

namespace PeerSync.Host.SocketIO;

/// <summary>One client's part in one namespace.</summary>
/// <remarks>Its state is guarded by the session's lock, under which its actor is told things too, so that they come in their order.</remarks>
internal sealed class SocketIOSocket(SocketIOSession session, SocketIONamespace ns) : ISocketIOSocket
{
    private readonly EngineSessionId _id = EngineSessionId.Create();
    private IActorRef? _actor;
    private List<SocketIOInbound>? _held;
    private long _heldBytes;
    private State _state;

    private enum State
    {
        /// <summary>The actor has not decided.</summary>
        Connecting,

        /// <summary>The client is let in; what it sends is kept.</summary>
        Accepted,

        /// <summary>What the client sends is told to the actor.</summary>
        Started,
        Ended,
    }

    /// <inheritdoc />
    public string Id => _id.ToString();

    /// <inheritdoc />
    public string Namespace => ns.Name;

    /// <inheritdoc />
    public ConnectionId ConnectionId => new(Id);

    /// <inheritdoc />
    public string AddressTag => session.Engine.AddressTag;

    /// <inheritdoc />
    public SocketIOHandshake Handshake => session.Engine.Handshake;

    /// <inheritdoc />
    public long QueuedBytes => session.Engine.QueuedBytes;

    internal SocketIONamespace Ns => ns;

    /// <inheritdoc />
    public void Accept()
    {
        lock (session.Gate)
        {
            if (_state != State.Connecting)
            {
                return;
            }

            _state = State.Accepted;
            var packet = MessageBuffer.Rent();
            SocketIOWriter.Connect(packet, ns.Name, Id);
            session.Engine.Send(packet);
            if (_actor is not null)
            {
                session.Engine.SetDeadline(null);
            }
        }
    }

    /// <inheritdoc />
    public void Refuse(string message, ReadOnlySpan<byte> data = default)
    {
        lock (session.Gate)
        {
            if (_state != State.Connecting)
            {
                return;
            }

            var packet = MessageBuffer.Rent();
            SocketIOWriter.ConnectError(packet, ns.Name, message, data);
            session.Engine.Send(packet);
            session.RemoveUnsynchronized(this);
            EndUnsynchronized(SocketIODisconnectReason.Refused);
        }
    }

    /// <inheritdoc />
    public void Start()
    {
        lock (session.Gate)
        {
            if (_state != State.Accepted)
            {
                return;
            }

            _state = State.Started;
            foreach (var inbound in _held ?? [])
            {
                Tell(inbound);
            }

            _held = null;
        }
    }

    /// <inheritdoc />
    public void Authenticated(UserId userId) => session.Engine.Authenticated(userId);

    /// <inheritdoc />
    public void Send(MessageBuffer packet) => Send(packet, []);

    /// <inheritdoc />
    public void Send(MessageBuffer packet, IReadOnlyList<MessageBuffer> attachments)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ArgumentNullException.ThrowIfNull(attachments);
        lock (session.Gate)
        {
            if (_state is State.Accepted or State.Started)
            {
                session.Engine.Send(packet, attachments);
                return;
            }
        }

        packet.Release();
        foreach (var attachment in attachments)
        {
            attachment.Release();
        }
    }

    /// <inheritdoc />
    public void Disconnect(bool closeSession = false)
    {
        lock (session.Gate)
        {
            if (_state != State.Ended)
            {
                if (_state != State.Connecting)
                {
                    var packet = MessageBuffer.Rent();
                    SocketIOWriter.Disconnect(packet, ns.Name);
                    session.Engine.Send(packet);
                }

                session.RemoveUnsynchronized(this);
                EndUnsynchronized(SocketIODisconnectReason.ServerLeft);
            }
        }

        if (closeSession)
        {
            session.Engine.Close(SocketIODisconnectReason.ServerClosed);
        }
    }

    /// <summary>Begins, with the namespace's actor or without one.</summary>
    internal void OpenUnsynchronized(IActorRef? actor, SocketIOConnecting connecting)
    {
        _actor = actor;
        if (actor is not null)
        {
            Tell(connecting);
            return;
        }

        Accept();
        Start();
    }

    /// <summary>Hands a packet over; where that cannot be done, it stays the caller's.</summary>
    internal SocketIODelivery DeliverUnsynchronized(SocketIOInbound inbound)
    {
        switch (_state)
        {
            case State.Started:
                Tell(inbound);
                return SocketIODelivery.Done;
            case State.Accepted:
                _held ??= [];
                _heldBytes += inbound.Size;
                if (_held.Count == session.Options.MaxHeldMessages || _heldBytes > session.Options.MaxHeldBytes)
                {
                    return SocketIODelivery.TooMuch;
                }

                _held.Add(inbound);
                return SocketIODelivery.Done;
            default:
                return SocketIODelivery.NotConnected;
        }
    }

    /// <summary>Ends it, once.</summary>
    internal void EndUnsynchronized(SocketIODisconnectReason reason)
    {
        if (_state == State.Ended)
        {
            return;
        }

        _state = State.Ended;
        foreach (var inbound in _held ?? [])
        {
            inbound.Complete();
        }

        _held = null;
        Tell(new SocketIODisconnected(reason));
    }

    private void Tell(object message)
    {
        if (_actor is not null)
        {
            _actor.Tell(message, ActorRefs.NoSender);
        }
        else if (message is SocketIOInbound inbound)
        {
            inbound.Complete();
        }
    }
}
