using PeerSync.Actors.Connections;
using PeerSync.Host.Metrics;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.WebSockets;

namespace PeerSync.Host.Sockets;

/// <summary>One WebSocket from the accepted upgrade to its end: reads frames for its actor, writes what the actors send.</summary>
/// <remarks>
/// <para>Three parties touch it. The reader (<see cref="RunAsync"/>, one at a time) owns the frame state; the writer (a work item, one at a time,
/// elected by <see cref="OutboundQueue"/>) owns the output pipe; everybody else uses the members of <see cref="IConnection"/>, which only set flags
/// and queue.</para>
/// <para>An idle connection holds no buffer: the transport waits with a zero-byte receive, messages live in pooled memory only while they move.</para>
/// </remarks>
internal sealed partial class WebSocketConnection : IConnection, IThreadPoolWorkItem
{
    private readonly SocketServer _server;
    private readonly ISocketTransport _transport;
    private readonly IReadOnlyList<ISocketDialect> _dialects;
    private readonly OutboundQueue _outbound;

    private FeatureMetrics _metrics;
    private Level _stateLevel;
    private IActorRef? _actor;
    private ISocketReceiver? _receiver;
    private int _inFlight;
    private TaskCompletionSource? _creditWaiter;
    private object? _drainedMessage;
    private int _closeCode;
    private string _closeReason = string.Empty;
    private int _ended;

    internal WebSocketConnection(SocketServer server, ISocketTransport transport, IReadOnlyList<ISocketDialect> dialects, long number, string addressTag)
    {
        _server = server;
        _transport = transport;
        _dialects = dialects;
        _outbound = new OutboundQueue(server.Options.OutboundMessages, server.Options.OutboundBytes);
        Number = number;
        _maxMessageSize = Math.Min(server.Options.MaxMessageSize, server.Options.MaxMessageSizeBeforeAuthentication);
        _inFlightLimit = server.Options.InFlightMessages;
        _ticksPerMessage = server.TicksPerMessage;
        _messageBurst = server.Options.MessageBurst;
        _budget = new TokenBucket(_messageBurst, server.Time.GetTimestamp());
        Id = new ConnectionId(string.Create(null, stackalloc char[24], $"c{number:x}"));
        AddressTag = addressTag;
        OpenedAtTick = server.Ticks;
        _metrics = server.Metrics.Feature(dialects[0].Feature);
        _metrics.ConnectionsAccepted.Increment();
        _stateLevel = _metrics.Connections(ConnectionStates.Connected);
        _stateLevel.Increment();
    }

    /// <inheritdoc />
    public ConnectionId Id { get; }

    /// <inheritdoc />
    public string AddressTag { get; }

    /// <summary>Counts connections up from 1; spreads the pings over the interval.</summary>
    internal long Number { get; }

    /// <summary>Where this connection stands in its shard of the connection table. Owned by the table.</summary>
    internal int TableIndex { get; set; } = -1;

    /// <summary>The server's tick at which the upgrade was accepted.</summary>
    internal long OpenedAtTick { get; }

    /// <summary>The dialect that was chosen, or null before the first message.</summary>
    internal ISocketDialect? Dialect { get; private set; }

    /// <summary>Who authenticated here, or null.</summary>
    internal UserId? User { get; private set; }

    /// <summary>What waits to be written, for the operator's list.</summary>
    internal (int Messages, long Bytes) Backlog => (_outbound.Count, _outbound.Bytes);

    /// <inheritdoc />
    public void Send(MessageBuffer message)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (_outbound.TryAdd(message))
        {
            case OutboundQueue.AddResult.StartWriter:
                DispatcherTurn.Schedule(this);
                break;
            case OutboundQueue.AddResult.Full:
                message.Release();
                DisconnectSlowConsumer();
                break;
            case OutboundQueue.AddResult.Closed:
                message.Release();
                break;
        }
    }

    /// <inheritdoc />
    public long QueuedBytes => _outbound.Bytes;

    /// <inheritdoc />
    public void TellWhenDrained(object message)
    {
        // The exchange is a full fence: either the writer that goes idle finds the message, or it is idle already and the check below sees that.
        Interlocked.Exchange(ref _drainedMessage, message);
        if (_outbound.Count == 0)
        {
            TellDrained();
        }
    }

    /// <inheritdoc />
    public void Close(int code, string reason) => TryClose(code, reason);

    /// <inheritdoc />
    public void ReturnCredit()
    {
        var left = Interlocked.Decrement(ref _inFlight);
        if (Volatile.Read(ref _creditWaiter) is not null && left <= _inFlightLimit / 2)
        {
            ReleaseReader();
        }
    }

    /// <inheritdoc />
    public void Authenticated(UserId userId)
    {
        User = userId;
        EnterState(ConnectionStates.Authenticated);
        Volatile.Write(ref _maxMessageSize, Dialect?.Limits?.MaxMessageSize ?? _server.Options.MaxMessageSize);
        SetDeadline(null, null);
    }

    /// <inheritdoc />
    public void SetDeadline(TimeSpan? delay, object? message)
    {
        // The message is written first and read last, so that the tick never sees a due deadline with the message of another.
        Volatile.Write(ref _deadlineTick, long.MaxValue);
        Volatile.Write(ref _deadlineMessage, message);
        if (delay is { } wait && message is not null)
        {
            Volatile.Write(ref _deadlineTick, _server.Ticks + SocketServer.ToTicks(wait));
        }
    }

    /// <summary>Begins with a dialect that the request has chosen, which may speak first and sees to its own deadlines.</summary>
    internal void Open(IRequestDialect dialect, WebSocketUpgrade request)
    {
        Dialect = dialect;
        ApplyLimits(dialect.Limits);
        _maxMessageSize = dialect.Limits?.MaxMessageSize ?? _server.Options.MaxMessageSize;
        _receiver = dialect.Open(this, request);
    }

    /// <summary>Reads until the connection ends, and cleans up. Never throws.</summary>
    internal async Task RunAsync()
    {
        if (_receiver is null)
        {
            // Where nothing else is spoken on the path, a dialect's own limit holds before the first message tells who is there.
            var timeout = _dialects is [{ Limits: { } limits }] ? limits.AuthenticationTimeout : _server.Options.AuthenticationTimeout;
            SetDeadline(timeout, AuthenticationTimedOut.Instance);
        }

        try
        {
            await ReadAsync();
        }
        catch (Exception exception) when (IsDisconnect(exception))
        {
            // The client is gone. That is how most connections end, and nobody needs to be told.
        }
        catch (Exception exception)
        {
            // Only a fault of ours comes here. It ends this connection and no other.
            SocketServer.Log.ReaderFailed(_server.Logger, Id.Value, exception);
            TryClose(WebSocketCloseCode.InternalError, string.Empty);
        }

        await EndAsync();
    }

    /// <summary>Ends the connection without a closing handshake; the client sees 1006.</summary>
    internal void Abort()
    {
        Interlocked.CompareExchange(ref _closeCode, WebSocketCloseCode.AbnormalClosure, 0);
        _outbound.Clear();
        _transport.Abort();
        ReleaseReader();
    }

    private static bool IsDisconnect(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException { Source: "System.IO.Pipelines" }
            or Microsoft.AspNetCore.Connections.ConnectionAbortedException;

    private bool TryClose(int code, string reason)
    {
        if (Interlocked.CompareExchange(ref _closeCode, code, 0) != 0)
        {
            return false;
        }

        _closeReason = reason;
        Volatile.Write(ref _closeDeadlineTick, _server.Ticks + SocketServer.ToTicks(_server.Options.CloseTimeout));
        _outbound.Complete();
        RequestControlFrame(ControlFrames.Close);
        ReleaseReader();
        return true;
    }

    private void DisconnectSlowConsumer()
    {
        if (!TryClose(SocketCloseReasons.SlowConsumerCode, SocketCloseReasons.SlowConsumer))
        {
            return;
        }

        // What waits would only keep the close frame from the wire.
        _outbound.Clear();
        _metrics.SlowConsumers.Increment();
        SocketServer.Log.SlowConsumer(_server.Logger, Id.Value);
    }

    private void Deliver(MessageBuffer message, bool isText)
    {
        Interlocked.Increment(ref _inFlight);

        // The credits bound messages. That they bound memory too, a large one travels alone.
        _inFlightLimit = message.Length > LargeMessage ? 1 : _server.Options.InFlightMessages;
        if (_receiver is not null)
        {
            _receiver.OnMessage(this, message, isText);
            return;
        }

        var actor = _actor ?? StartActor(message.Span);
        actor.Tell(InboundMessage.Rent(message, isText), ActorRefs.NoSender);
    }

    private void EnterState(string state)
    {
        var level = _metrics.Connections(state);
        level.Increment();
        Interlocked.Exchange(ref _stateLevel, level).Decrement();
    }

    // The first message and the authentication deadline may meet here, hence the lock; it is taken once per connection.
    private IActorRef StartActor(ReadOnlySpan<byte> firstMessage)
    {
        lock (_outbound)
        {
            if (_actor is not null)
            {
                return _actor;
            }

            Dialect = _dialects[0];
            foreach (var candidate in _dialects)
            {
                if (candidate.Recognizes(firstMessage))
                {
                    Dialect = candidate;
                    break;
                }
            }

            _metrics = _server.Metrics.Feature(Dialect.Feature);
            EnterState(ConnectionStates.Connected);
            ApplyLimits(Dialect.Limits);
            _actor = _server.System.ActorOf(Dialect.CreateActor(this));
            return _actor;
        }
    }

    private void ApplyLimits(DialectLimits? limits)
    {
        if (limits is null)
        {
            return;
        }

        _pausesOverBudget = true;
        _messageBurst = limits.MessageBurst;
        _ticksPerMessage = limits.MessagesPerSecond <= 0 ? 0 : (double)_server.Time.TimestampFrequency / limits.MessagesPerSecond;
        _budget = new TokenBucket(limits.MessageBurst, _server.Time.GetTimestamp());
        Volatile.Write(ref _deadlineTick, OpenedAtTick + SocketServer.ToTicks(limits.AuthenticationTimeout));
    }

    private void TellDrained()
    {
        if (Interlocked.Exchange(ref _drainedMessage, null) is { } message)
        {
            _actor?.Tell(message, ActorRefs.NoSender);
        }
    }

    private bool MayNotRead() =>
        (Volatile.Read(ref _inFlight) >= _inFlightLimit || (_overBudget && !TryClearBudget())) && Volatile.Read(ref _closeCode) == 0;

    private async ValueTask WaitForCreditAsync()
    {
        while (MayNotRead())
        {
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // The exchange is a full fence: either the actor that returns a credit sees the waiter, or the check below sees the credit.
            Interlocked.Exchange(ref _creditWaiter, waiter);
            if (!MayNotRead())
            {
                Interlocked.Exchange(ref _creditWaiter, null);
                return;
            }

            await waiter.Task;
        }
    }

    private void ReleaseReader() => Interlocked.Exchange(ref _creditWaiter, null)?.TrySetResult();

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        Interlocked.CompareExchange(ref _closeCode, WebSocketCloseCode.AbnormalClosure, 0);
        _actor?.Tell(ConnectionClosed.Instance, ActorRefs.NoSender);
        _receiver?.OnClosed(this);
        await FinishWritingAsync();
        _outbound.Clear();
        DropPartialMessage();
        _server.Remove(this, _closeCode);
        _stateLevel.Decrement();
        _metrics.ConnectionClosed(SocketCloseReasons.ForMetrics(_closeCode));
        await CompleteAsync(_transport.Input.CompleteAsync());
        await CompleteAsync(_transport.Output.CompleteAsync());

        static async ValueTask CompleteAsync(ValueTask completion)
        {
            try
            {
                await completion;
            }
            catch (Exception exception) when (IsDisconnect(exception))
            {
                // Completing flushes, and there is nobody left to flush to.
            }
        }
    }
}
