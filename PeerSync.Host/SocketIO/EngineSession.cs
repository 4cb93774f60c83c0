using PeerSync.Actors.Connections;
using PeerSync.Actors.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.SocketIO;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.SocketIO;

/// <summary>One Engine.IO session, from its handshake to its end, whichever transport carries it.</summary>
/// <remarks>
/// The lock covers assignments and the queueing of packets, never I/O and never a call to the receiver. Whoever ends the session first tells the
/// receiver so; everything that comes later is dropped.
/// </remarks>
internal sealed partial class EngineSession : ISocketReceiver
{
    private readonly Lock _gate = new();
    private readonly EngineServer _server;
    private IEngineReceiver _receiver = null!;
    private PollingTransport? _polling;
    private volatile IConnection? _socket;
    private volatile Probe? _probe;
    private volatile State _state;
    private bool _awaitsPong;
    private long _heartbeatDue;
    private long _deadline = long.MaxValue;

    internal EngineSession(EngineServer server, EngineSessionId id, SocketIOHandshake handshake, string addressTag)
    {
        _server = server;
        Id = id;
        Handshake = handshake;
        AddressTag = addressTag;
        _heartbeatDue = server.Now + server.PingInterval;
    }

    private enum State
    {
        Open,

        /// <summary>The receiver has been told the end; what is queued waits for one more poll.</summary>
        Lingering,
        Closed,
    }

    internal EngineSessionId Id { get; }

    internal SocketIOHandshake Handshake { get; }

    internal string AddressTag { get; }

    /// <summary>How packets travel at present.</summary>
    internal EngineTransport Transport => _socket is null ? EngineTransport.Polling : EngineTransport.WebSocket;

    internal long QueuedBytes
    {
        get
        {
            lock (_gate)
            {
                return _socket?.QueuedBytes ?? _polling?.Queue.Bytes ?? 0;
            }
        }
    }

    /// <summary>Queues one packet: text with its type, or a binary message. Takes over one reference.</summary>
    internal void Send(MessageBuffer packet)
    {
        lock (_gate)
        {
            SendUnsynchronized(packet);
        }
    }

    /// <summary>Queues one packet and the binary messages that belong to it, with nothing between them. Takes over one reference to each.</summary>
    internal void Send(MessageBuffer packet, IReadOnlyList<MessageBuffer> attachments)
    {
        lock (_gate)
        {
            SendUnsynchronized(packet);
            foreach (var attachment in attachments)
            {
                SendUnsynchronized(attachment);
            }
        }
    }

    /// <summary>Tells the receiver once <paramref name="delay"/> has passed, to the second; null lifts the deadline.</summary>
    internal void SetDeadline(TimeSpan? delay)
    {
        lock (_gate)
        {
            _deadline = delay is { } wait ? _server.Now + (long)wait.TotalMilliseconds : long.MaxValue;
        }
    }

    /// <summary>Names the user in the operator's list, which knows WebSockets only.</summary>
    internal void Authenticated(UserId userId)
    {
        lock (_gate)
        {
            _socket?.Authenticated(userId);
            if (_polling is { } polling)
            {
                polling.User = userId;
            }
        }
    }

    /// <summary>Closes the session after what is queued; a polling client has some time to fetch it.</summary>
    internal void Close(SocketIODisconnectReason reason)
    {
        TaskCompletionSource<PollEnd>? poll = null;
        var lingers = false;
        lock (_gate)
        {
            if (_state == State.Open && _polling is { } polling)
            {
                lingers = true;
                _state = State.Lingering;
                _deadline = _server.Now + (long)_server.Options.CloseLinger.TotalMilliseconds;
                _probe?.Connection.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
                _probe = null;
                poll = polling.Poll;
                polling.Poll = null;
            }
        }

        if (lingers)
        {
            poll?.TrySetResult(PollEnd.Data);
            _receiver.OnClosed(reason);
        }
        else
        {
            End(reason);
        }
    }

    /// <summary>Ends the session at once. What waits for a polling client is dropped; a WebSocket is closed after what it has queued.</summary>
    internal void End(SocketIODisconnectReason reason)
    {
        bool told;
        IConnection? socket;
        IConnection? probe;
        TaskCompletionSource<PollEnd>? poll;
        lock (_gate)
        {
            if (_state == State.Closed)
            {
                return;
            }

            told = _state == State.Lingering;
            _state = State.Closed;
            socket = _socket;
            probe = _probe?.Connection;
            _probe = null;
            poll = _polling?.Poll;
            if (_polling is { } polling)
            {
                polling.Poll = null;
                polling.Queue.Clear();
                polling.End();
                _server.Metrics.ConnectionClosed(WebSocketCloseCode.NormalClosure);
            }
        }

        _server.Remove(this, reason);
        poll?.TrySetResult(reason == SocketIODisconnectReason.TransportClosed ? PollEnd.Noop : PollEnd.Close);
        socket?.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
        probe?.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
        if (!told)
        {
            _receiver.OnClosed(reason);
        }
    }

    /// <summary>Ends a session whose client sent a second request of a kind. One that was upgraded meanwhile goes on: such requests are nothing to it.</summary>
    internal void EndMisused()
    {
        if (Transport == EngineTransport.Polling)
        {
            End(SocketIODisconnectReason.TransportFailed);
        }
    }

    /// <summary>Begins a session that polls.</summary>
    internal void Open(PollingTransport polling)
    {
        _polling = polling;
        Open();
    }

    /// <summary>Begins a session on a WebSocket.</summary>
    internal void Open(IConnection connection)
    {
        _socket = connection;
        Open();
    }

    /// <summary>Called by the server's timer. Does no I/O and does not wait.</summary>
    internal void Tick(long now)
    {
        var isDeadline = false;
        SocketIODisconnectReason? end = null;
        lock (_gate)
        {
            if (_state == State.Closed)
            {
                return;
            }

            if (now >= _deadline)
            {
                _deadline = long.MaxValue;
                isDeadline = true;
                end = _state == State.Lingering ? SocketIODisconnectReason.ServerClosed : null;
            }

            if (_state == State.Open && now >= _heartbeatDue && !TryPingUnsynchronized(now))
            {
                end = SocketIODisconnectReason.PingTimeout;
            }

            if (_probe is { } probe && now >= probe.Deadline)
            {
                _probe = null;
                probe.Connection.Close(WebSocketCloseCode.NoStatusReceived, string.Empty);
            }
        }

        if (end is { } reason)
        {
            End(reason);
        }
        else if (isDeadline)
        {
            _receiver.OnDeadline();
        }
    }

    /// <summary>Whether the session is over because an answer to a ping is overdue, which a request may find before the timer does.</summary>
    internal bool HasExpired()
    {
        lock (_gate)
        {
            if (_state != State.Open || !_awaitsPong || _server.Now < _heartbeatDue)
            {
                return _state == State.Closed;
            }
        }

        End(SocketIODisconnectReason.PingTimeout);
        return true;
    }

    /// <inheritdoc />
    void ISocketReceiver.OnMessage(IConnection connection, MessageBuffer message, bool isText)
    {
        if (ReferenceEquals(connection, _socket))
        {
            OnPacket(message, isText, connection);
        }
        else if (_probe is { } probe && ReferenceEquals(connection, probe.Connection))
        {
            OnProbePacket(probe, message.Span, isText);
            message.Release();
            connection.ReturnCredit();
        }
        else
        {
            message.Release();
            connection.ReturnCredit();
        }
    }

    /// <inheritdoc />
    void ISocketReceiver.OnClosed(IConnection connection)
    {
        if (ReferenceEquals(connection, _socket))
        {
            End(SocketIODisconnectReason.TransportClosed);
            return;
        }

        lock (_gate)
        {
            if (_probe is { } probe && ReferenceEquals(connection, probe.Connection))
            {
                _probe = null;
            }
        }
    }

    private void Open()
    {
        var open = MessageBuffer.Rent();
        EngineWriter.Open(open, Id, canUpgrade: _polling is not null, _server.PingInterval, _server.PingTimeout, _server.Options.MaxPayload);
        Send(open);
        _receiver = _server.Application.Open(this);
        _server.Add(this);
    }

    /// <summary>Takes over one packet and owes its credit.</summary>
    private void OnPacket(MessageBuffer packet, bool isText, ICreditSource credit)
    {
        if (_state == State.Open)
        {
            if (!isText)
            {
                _receiver.OnMessage(packet, 0, isText: false, credit);
                return;
            }

            if (!EnginePayload.TryReadType(packet.Span, out var type))
            {
                End(SocketIODisconnectReason.ProtocolViolation);
            }
            else if (type == EnginePacketType.Message)
            {
                _receiver.OnMessage(packet, 1, isText: true, credit);
                return;
            }
            else
            {
                OnControlPacket(type);
            }
        }

        packet.Release();
        credit.ReturnCredit();
    }

    private void OnControlPacket(EnginePacketType type)
    {
        switch (type)
        {
            case EnginePacketType.Pong:
                lock (_gate)
                {
                    _awaitsPong = false;
                    _heartbeatDue = _server.Now + _server.PingInterval;
                }

                break;
            case EnginePacketType.Close:
                End(SocketIODisconnectReason.TransportClosed);
                break;
            case EnginePacketType.Noop or EnginePacketType.Upgrade:
                // Late, where the upgrade is over already, and without a meaning.
                break;
            default:
                // A client neither opens nor pings, outside a probe.
                End(SocketIODisconnectReason.ProtocolViolation);
                break;
        }
    }

    private bool TryPingUnsynchronized(long now)
    {
        if (_awaitsPong)
        {
            return false;
        }

        // The handshake names both times, so together they are the client's, although the timer is always a little late. Only where it is so late that
        // the client would be left with less than half of its time to answer does that time begin anew.
        _awaitsPong = true;
        _heartbeatDue = (now - _heartbeatDue <= _server.PingTimeout / 2 ? _heartbeatDue : now) + _server.PingTimeout;
        SendUnsynchronized(_server.RentPing());
        return true;
    }

    private void SendUnsynchronized(MessageBuffer packet)
    {
        if (_state != State.Open)
        {
            packet.Release();
        }
        else if (_socket is { } socket)
        {
            socket.Send(packet);
        }
        else if (_polling!.Queue.TryAdd(packet) == OutboundQueue.AddResult.Full)
        {
            packet.Release();
            OnOverflowUnsynchronized(_polling);
        }
        else if (_polling.Poll is { } poll)
        {
            _polling.Poll = null;
            poll.TrySetResult(PollEnd.Data);
        }
    }

    private void OnOverflowUnsynchronized(PollingTransport polling)
    {
        if (polling.HasOverflowed)
        {
            return;
        }

        polling.HasOverflowed = true;
        _server.Metrics.SlowConsumers.Increment();

        // Not from here: whoever sends may hold a lock that the receiver needs.
        ThreadPool.UnsafeQueueUserWorkItem(static session => session.End(SocketIODisconnectReason.SlowConsumer), this, preferLocal: false);
    }

    /// <summary>A WebSocket that may become the session's transport.</summary>
    private sealed record Probe(IConnection Connection, long Deadline)
    {
        /// <summary>Whether the client has sent its probe.</summary>
        internal bool IsAnswered { get; set; }
    }
}
