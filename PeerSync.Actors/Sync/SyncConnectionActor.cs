using PeerSync.Actors.Connections;
using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>One socket of the Sync feature: proves who is there, understands its messages, hands events to the user's stream, encodes the answers.</summary>
/// <remarks>
/// The life cycle of the Sync contract, section 2.6. Messages are dealt with strictly in the order of their arrival; while a login or a pairing is under
/// way, later ones wait.
/// </remarks>
public sealed partial class SyncConnectionActor : UntypedActor, IWithStash, IWithTimers
{
    private readonly IConnection _connection;
    private readonly SyncServices _services;

    private State _state;
    private SyncDelivery? _delivery;
    private int _withheldCredits;

    /// <param name="connection">The socket.</param>
    /// <param name="services">What the feature's connections share.</param>
    public SyncConnectionActor(IConnection connection, SyncServices services)
    {
        _connection = connection;
        _services = services;
    }

    private enum State
    {
        ExpectsHello,
        ExpectsAuth,
        LoggingIn,
        Established,
        Pairing,
        Closing,
    }

    /// <inheritdoc />
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private long Now => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InboundMessage inbound:
                OnInbound(inbound);
                break;
            case EventAccepted accepted:
                OnAccepted(accepted);
                break;
            case DeliverEvent deliver:
                DeliverLive(deliver);
                break;
            case MessageBuffer notice:
                _connection.Send(notice);
                break;
            case ConnectionClosed:
                Leave();
                Context.Stop(Self);
                break;
            case AuthenticationTimedOut:
                Close(SyncClose.HandshakeTimeout);
                break;
            default:
                OnProgress(message);
                break;
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // The handshake's and the delivery's state are lost; the client comes back with a new socket.
        _connection.Close(SyncClose.ProcessingFailed.Code, SyncClose.ProcessingFailed.Reason);
        Leave();
        base.PreRestart(reason, message);
    }

    private void OnInbound(InboundMessage message)
    {
        if (_state is State.LoggingIn or State.Pairing)
        {
            Stash.Stash();
            return;
        }

        var travelsOn = false;
        try
        {
            travelsOn = _state != State.Closing && Handle(message);
        }
        catch (Exception exception)
        {
            Context.GetLogger().Error(exception, "A message on connection {0} could not be handled.", _connection.Id.Value);
            Close(SyncClose.ProcessingFailed);
        }
        finally
        {
            if (!travelsOn)
            {
                message.Recycle();
                _connection.ReturnCredit();
            }
        }
    }

    /// <returns>Whether the message travels on with its bytes and its credit.</returns>
    private bool Handle(InboundMessage message)
    {
        switch (SyncReader.Read(message.Bytes, out var envelope))
        {
            case SyncEnvelopeStatus.Ok:
                return _state == State.Established ? HandleEstablished(message, envelope) : HandleHandshake(envelope);
            case SyncEnvelopeStatus.NotAnObject when _state == State.Established:
                return false;
            case SyncEnvelopeStatus.Null:
                Close(SyncClose.ProcessingFailed);
                return false;
            default:
                Close(SyncClose.InvalidMessageFormat);
                return false;
        }
    }

    private bool HandleEstablished(InboundMessage message, in SyncEnvelope envelope)
    {
        switch (envelope.Type)
        {
            case SyncMessageType.Event:
                return HandleEvent(message, envelope);
            case SyncMessageType.Ack:
                if (SyncReader.ReadAckDeviceSeq(envelope) is { } deviceSeq)
                {
                    Confirm(deviceSeq);
                }

                return false;
            case SyncMessageType.Ping:
                var pong = MessageBuffer.Rent();
                SyncWriter.Pong(pong, Now);
                _connection.Send(pong);
                return false;
            case SyncMessageType.ReplayRequest:
                OnReplayRequest(SyncReader.ReadReplayRequest(envelope));
                return false;
            case SyncMessageType.ScratchpadSync:
                var frame = MessageBuffer.Rent(envelope.Body.Length);
                SyncWriter.ScratchpadSync(frame, envelope.Body);
                _services.Regions.Users.Tell(new TellOtherDevices(_userId, _deviceId, frame), Self);
                return false;
            case SyncMessageType.InitiatePairing:
                InitiatePairing();
                return false;
            case SyncMessageType.CompletePairing:
                CompletePairing(SyncReader.ReadPairingCode(envelope));
                return false;
            default:
                return false;
        }
    }

    private bool HandleEvent(InboundMessage message, in SyncEnvelope envelope)
    {
        switch (SyncReader.ReadEvent(envelope, _userId.Value, _deviceId, Now, out var view))
        {
            case SyncEventStatus.Ok:
                var append = new AppendEvent(
                    _userId,
                    _deviceId,
                    _connection.Id,
                    view.EventId,
                    view.DeviceSeq,
                    view.StreamId,
                    view.EventType,
                    view.Ttl,
                    view.PayloadSize,
                    message.Take(),
                    view.RawOffset,
                    view.RawObject.Length,
                    view.Splice);
                _services.Regions.Users.Tell(append, Self);
                return true;
            case SyncEventStatus.Malformed:
                // It can never be accepted; without an answer its client would send it for ever (Sync contract, F19).
                _services.Regions.Users.Tell(new SkipEvent(_userId, _deviceId, _connection.Id, view.DeviceSeq), Self);
                message.Recycle();
                return true;
            case SyncEventStatus.ForeignDevice:
                // The web client sends back what it received from others. To acknowledge it would drop events of its own (F5).
                _services.Counters.EventForeign();
                return false;
            default:
                _services.Counters.EventRefused();
                Close(view.Refusal);
                return false;
        }
    }

    private void OnAccepted(EventAccepted accepted)
    {
        var ack = MessageBuffer.Rent();
        SyncWriter.Ack(ack, accepted.DeviceSeq);
        _connection.Send(ack);
        if (accepted.Pause == TimeSpan.Zero && _withheldCredits == 0)
        {
            _connection.ReturnCredit();
            return;
        }

        // Without credits the socket is not read, so the client is slowed down and loses nothing.
        _withheldCredits++;
        if (accepted.Pause > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(nameof(ReturnCredits), ReturnCredits.Instance, accepted.Pause);
        }
    }

    private void Close(SyncClose close)
    {
        if (_state is State.ExpectsHello or State.ExpectsAuth or State.LoggingIn)
        {
            _services.Counters.HandshakeFailed();
        }

        _state = State.Closing;
        _connection.Close(close.Code, close.Reason);
        Stash.UnstashAll();
    }

    private void Leave()
    {
        if (_isAttached)
        {
            _isAttached = false;
            SaveCursor();
            _services.Cursors.Tell(SaveCursors.Now, Self);

            // Also while the login is under way: what is granted then is given back at once.
            _services.Regions.Devices.Tell(new DetachDevice(_deviceId, _connection.Id), Self);
        }
    }

    private void OnEndSocket(EndSocket end)
    {
        if (end.Notice is { } notice)
        {
            _connection.Send(notice);
        }

        if (end.Delay == TimeSpan.Zero)
        {
            Close(end.Close);
            return;
        }

        // Nothing that still comes from it counts.
        _state = State.Closing;
        Timers.StartSingleTimer(nameof(CloseLater), new CloseLater(end.Close), end.Delay);
    }

    private sealed class ReturnCredits
    {
        internal static ReturnCredits Instance { get; } = new();
    }

    private sealed record CloseLater(SyncClose Close);
}
