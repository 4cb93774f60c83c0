using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <content>From the hello to the session, its end, and pairing.</content>
public sealed partial class SyncConnectionActor
{
    private const int MaxPairingFailures = 5;

    // What is announced; the code lives longer (Sync contract, section 6.2).
    private const long AnnouncedPairingLifetime = 5 * 60 * 1000;

    private const string TooManyPairingAttempts = "Too many pairing attempts. Please try again later.";

    private SyncHandshake? _handshake;
    private string _deviceIdText = string.Empty;
    private DeviceId _deviceId;
    private UserId _userId;
    private bool _isAttached;
    private DateTimeOffset _expiresAt;
    private int _pairingFailures;

    private bool HandleHandshake(in SyncEnvelope envelope)
    {
        switch (envelope.Type)
        {
            case SyncMessageType.ClientHello when _state == State.ExpectsHello:
                OnHello(envelope);
                break;
            case SyncMessageType.ClientAuth when _state == State.ExpectsAuth:
                OnAuth(envelope);
                break;
            case SyncMessageType.ClientAuth:
                Close(SyncClose.AuthBeforeHello);
                break;
            default:
                Close(_state == State.ExpectsHello ? SyncClose.HelloExpected : SyncClose.SecondHello);
                break;
        }

        return false;
    }

    private void OnHello(in SyncEnvelope envelope)
    {
        if (!_services.Limits.MayLogIn(_connection.AddressTag))
        {
            Close(SyncClose.TooManyHandshakes);
            return;
        }

        if (!SyncReader.TryReadClientHello(envelope, out var hello, out var refusal))
        {
            FailHandshake(refusal);
            return;
        }

        _handshake = new SyncHandshake(_services.Identity);
        var frame = MessageBuffer.Rent();
        _handshake.WriteServerHello(frame, hello);
        _connection.Send(frame);
        _state = State.ExpectsAuth;
    }

    private void OnAuth(in SyncEnvelope envelope)
    {
        if (!SyncReader.TryReadClientAuth(envelope, out var auth, out var refusal))
        {
            FailHandshake(refusal);
            return;
        }

        if (!_handshake!.Verify(auth))
        {
            FailHandshake(SyncClose.InvalidClientSignature);
            return;
        }

        _handshake = null;
        _deviceIdText = auth.DeviceIdText;
        _deviceId = auth.DeviceId;
        _state = State.LoggingIn;
        _isAttached = true;
        _services.Regions.Devices.Tell(
            new LogInDevice(auth.DeviceId, new UserId(auth.UserId), _connection.Id, auth.DeviceName, auth.DeviceType), Self);
    }

    private void FailHandshake(SyncClose close)
    {
        _services.Limits.LoginFailed(_connection.AddressTag);
        Close(close);
    }

    private void OnProgress(object message)
    {
        switch (message)
        {
            case SessionGranted granted when _state == State.LoggingIn:
                OnGranted(granted);
                break;
            case DeviceRefused refused:
                _isAttached = false;
                Close(refused.Close);
                break;
            case EventRefused:
                _connection.ReturnCredit();
                Close(SyncClose.ProcessingFailed);
                break;
            case EndSocket end:
                _isAttached = false;
                SaveCursor();
                OnEndSocket(end);
                break;
            case CloseLater later:
                Close(later.Close);
                break;
            case ReturnCredits:
                for (; _withheldCredits > 0; _withheldCredits--)
                {
                    _connection.ReturnCredit();
                }

                break;
            case SessionExpiring:
                OnExpiring();
                break;
            case SessionEnds:
                Close(_services.Settings.SessionTimeout >= KeyRotation ? SyncClose.KeyRotation : SyncClose.SessionExpired);
                break;
            case PairingCode code:
                SendPairingCode(code);
                break;
            case PairingEnded ended when _state == State.Pairing:
                OnPairingEnded(ended);
                break;
            default:
                OnDelivery(message);
                break;
        }
    }

    private void OnGranted(SessionGranted granted)
    {
        _services.Counters.HandshakeSucceeded();
        _services.Sessions.Opened(granted.Device.UserId, _connection.AddressTag);
        Establish(granted);
        _connection.Authenticated(_userId);
        var frame = MessageBuffer.Rent();
        SyncWriter.SessionEstablished(frame, _deviceIdText, granted.Admitted.LastDeviceSeq, granted.ExpiresAt.ToUnixTimeMilliseconds());
        _connection.Send(frame);
        ScheduleExpiry();
        PushFirstPage(granted);
        Stash.UnstashAll();
    }

    private void Establish(SessionGranted granted)
    {
        _userId = new UserId(granted.Device.UserId);
        _expiresAt = granted.ExpiresAt;
        _delivery = new SyncDelivery(granted.Device.Cursor, granted.Admitted.Position);
        _state = State.Established;
    }

    private void ScheduleExpiry()
    {
        var left = _expiresAt - _services.Time.GetUtcNow();
        var notice = left > 2 * _services.Settings.ExpiryNotice ? left - _services.Settings.ExpiryNotice : left / 2;
        _connection.SetDeadline(notice, SessionExpiring.Instance);
    }

    private void OnExpiring()
    {
        var left = _expiresAt - _services.Time.GetUtcNow();
        var frame = MessageBuffer.Rent();
        SyncWriter.SessionExpiringSoon(frame, (long)Math.Max(0, left.TotalSeconds), _expiresAt.ToUnixTimeMilliseconds());
        _connection.Send(frame);
        _connection.SetDeadline(left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1), SessionEnds.Instance);
    }

    private void InitiatePairing() =>
        _services.Pairings.InitiateAsync(_userId.Value, _deviceId.Value, CancellationToken.None)
            .PipeTo(Self, success: static code => new PairingCode(code), failure: static _ => new PairingCode(null));

    private void SendPairingCode(PairingCode code)
    {
        var frame = MessageBuffer.Rent();
        if (code.Code is { } digits)
        {
            SyncWriter.PairingInitiated(frame, digits, AnnouncedPairingLifetime);
        }
        else
        {
            SyncWriter.PairingFailed(frame, SyncClose.ProcessingFailed.Reason);
        }

        _connection.Send(frame);
    }

    private void CompletePairing(string? code)
    {
        if (_pairingFailures >= MaxPairingFailures || !_services.Limits.TryPairing(_connection.AddressTag))
        {
            SendPairingFailed(TooManyPairingAttempts);
        }
        else if (code is null)
        {
            FailPairing(SyncPairingError.InvalidCode);
        }
        else
        {
            _state = State.Pairing;
            _services.Regions.Devices.Tell(new CompletePairing(_deviceId, _connection.Id, code), Self);
        }
    }

    private void OnPairingEnded(PairingEnded ended)
    {
        _state = State.Established;
        if (ended.Status != SyncPairingStatus.Completed)
        {
            FailPairing(ended.Status switch
            {
                SyncPairingStatus.NotFound => SyncPairingError.NotFound,
                SyncPairingStatus.AlreadyUsed => SyncPairingError.AlreadyUsed,
                SyncPairingStatus.Expired => SyncPairingError.Expired,
                SyncPairingStatus.NameTaken => SyncPairingError.NameExists,
                _ => SyncPairingError.SessionUpdateFailed,
            });
            Stash.UnstashAll();
            return;
        }

        _services.Limits.PairingSucceeded(_connection.AddressTag);
        var frame = MessageBuffer.Rent();
        SyncWriter.PairingCompleted(frame, ended.LinkedUser.Value);
        _connection.Send(frame);
        if (ended.Granted is { } granted)
        {
            Establish(granted);
            _connection.Authenticated(_userId);
            ScheduleExpiry();
            PushFirstPage(granted);
        }

        Stash.UnstashAll();
    }

    private void FailPairing(string error)
    {
        _pairingFailures++;
        SendPairingFailed(error);
    }

    private void SendPairingFailed(string error)
    {
        var frame = MessageBuffer.Rent();
        SyncWriter.PairingFailed(frame, error);
        _connection.Send(frame);
    }

    // Sessions of this length and longer are renewed at their end instead of expiring: clients come back at once (Sync contract, section 8).
    private static TimeSpan KeyRotation => TimeSpan.FromHours(24);

    private sealed record PairingCode(string? Code);

    private sealed class SessionExpiring
    {
        internal static SessionExpiring Instance { get; } = new();
    }

    private sealed class SessionEnds
    {
        internal static SessionEnds Instance { get; } = new();
    }
}
