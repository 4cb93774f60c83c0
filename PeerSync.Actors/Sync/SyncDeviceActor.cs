using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Connections;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Sync;
using PeerSync.Storage.Sync;

namespace PeerSync.Actors.Sync;

/// <summary>One device, whatever socket it is on: decides whether it may log in and whose it is, and has at most one live socket.</summary>
/// <remarks>
/// Logins, pairings and the end of a socket are dealt with one after the other, so that a late event of an old socket cannot touch a newer one (Sync
/// contract, F6). Exists while the device is connected, and is passivated otherwise.
/// </remarks>
public sealed class SyncDeviceActor : UntypedActor, IWithStash, IWithTimers
{
    private const string AdmissionTimer = "admission";

    // Longer than the recovery of a large stream, shorter than a client's patience.
    private static readonly TimeSpan AdmissionTimeout = TimeSpan.FromSeconds(30);

    // As the clients of the original know it: first the message, then the close (Sync contract, section 5.3).
    private static readonly TimeSpan RemovalDelay = TimeSpan.FromMilliseconds(500);

    private readonly SyncRegions _regions;
    private readonly SyncSettings _settings;
    private readonly ISyncDirectory _directory;
    private readonly ISyncPairings _pairings;

    private Session? _session;
    private Pending? _pending;

    /// <param name="regions">Where the users' streams are reached.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Users and devices.</param>
    /// <param name="pairings">Pairing codes.</param>
    public SyncDeviceActor(SyncRegions regions, SyncSettings settings, ISyncDirectory directory, ISyncPairings pairings)
    {
        _regions = regions;
        _settings = settings;
        _directory = directory;
        _pairings = pairings;
    }

    /// <inheritdoc />
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeliverEvent deliver:
                Deliver(deliver.UserId, deliver, deliver.Frame);
                return;
            case DeliverNotice notice:
                Deliver(notice.UserId, notice.Frame, notice.Frame);
                return;
            case LogInDevice or CompletePairing or DetachDevice or DisconnectDevice when _pending is not null:
                Stash.Stash();
                return;
            case LogInDevice login:
                LogIn(login);
                break;
            case CompletePairing pairing:
                Pair(pairing);
                break;
            case DetachDevice detach when _session?.ConnectionId == detach.ConnectionId:
                Leave();
                break;
            case StreamLost lost when _session?.UserId == lost.UserId:
                End(new EndSocket(SyncClose.ProcessingFailed, Notice: null, TimeSpan.Zero));
                break;
            case DisconnectDevice disconnect:
                Disconnect(disconnect.Kind);
                break;
            case StopIfIdle:
                Stop();
                return;
            default:
                OnProgress(message);
                break;
        }

        if (_session is null && _pending is null)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // What this actor knew of its sockets is lost; their clients come back with new ones.
        var fault = new EndSocket(SyncClose.ProcessingFailed, Notice: null, TimeSpan.Zero);
        _session?.Connection.Tell(fault, Self);
        _pending?.Connection.Tell(fault, Self);
        if (_session is not null)
        {
            _regions.Users.Tell(new DismissDevice(_session.UserId, _session.DeviceId, _session.ConnectionId), Self);
        }

        DismissPending();
        base.PreRestart(reason, message);
    }

    private void Deliver(UserId userId, object message, MessageBuffer frame)
    {
        if (_session?.UserId == userId)
        {
            _session.Connection.Tell(message, Self);
        }
        else
        {
            frame.Release();
        }
    }

    private void LogIn(LogInDevice login)
    {
        Begin(new Pending(login.DeviceId, login.ConnectionId, Sender, Pairing: false));
        _directory.LogInAsync(login.DeviceId.Value, login.Identity.Value, login.Name, login.Type, CancellationToken.None)
            .PipeTo(Self, success: static result => new LoggedIn(result), failure: static cause => new Failed(cause));
    }

    private void Pair(CompletePairing pairing)
    {
        if (_session?.ConnectionId != pairing.ConnectionId)
        {
            return;
        }

        Begin(new Pending(pairing.DeviceId, pairing.ConnectionId, Sender, Pairing: true));
        _pairings.CompleteAsync(pairing.Code, pairing.DeviceId.Value, CancellationToken.None)
            .PipeTo(Self, success: static result => new Paired(result), failure: static cause => new Failed(cause));
    }

    private void Begin(Pending pending)
    {
        _pending = pending;
        Timers.StartSingleTimer(AdmissionTimer, AdmissionLate.Instance, AdmissionTimeout);
    }

    private void OnProgress(object message)
    {
        if (_pending is not { } pending)
        {
            return;
        }

        switch (message)
        {
            case LoggedIn { Login: { Status: SyncLoginStatus.Accepted, Device: { } device } }:
                Ask(pending with { Device = device }, joined: false);
                break;
            case LoggedIn login:
                Refuse(login.Login.Status == SyncLoginStatus.Revoked ? SyncClose.DeviceRevoked : SyncClose.DeviceBelongsToAnotherUser);
                break;
            case Paired { Completion: { Status: SyncPairingStatus.Completed, Device: { } device } }:
                OnPaired(pending, device);
                break;
            case Paired paired:
                Answer(new PairingEnded(paired.Completion.Status, Granted: null, default));
                break;
            case DeviceAdmitted admitted when admitted.ConnectionId == pending.ConnectionId:
                Admit(pending, admitted);
                break;
            case DeviceRefused refused when refused.ConnectionId == pending.ConnectionId:
                Refuse(refused.Close);
                break;
            case Failed failed:
                Context.GetLogger().Warning("A device's login could not be completed: {0}", failed.Cause.Message);
                Refuse(SyncClose.ProcessingFailed);
                break;
            case AdmissionLate:
                DismissPending();
                Refuse(SyncClose.ProcessingFailed);
                break;
        }
    }

    // It may still be admitted after this; the answer is then nobody's, and the place must be given back.
    private void DismissPending()
    {
        if (_pending is { Device: { } device } pending)
        {
            _regions.Users.Tell(new DismissDevice(new UserId(device.UserId), pending.DeviceId, pending.ConnectionId), Self);
        }
    }

    private void Ask(Pending pending, bool joined)
    {
        _pending = pending with { ExpiresAt = Context.System.TimeProvider.GetUtcNow() + _settings.SessionTimeout };
        var device = pending.Device!;
        _regions.Users.Tell(
            new AdmitDevice(
                new UserId(device.UserId), pending.DeviceId, pending.ConnectionId, device.Name, device.Type, _pending.ExpiresAt, joined),
            Self);
    }

    private void OnPaired(Pending pending, SyncDevice device)
    {
        var session = _session!;
        if (session.UserId.Value == device.UserId)
        {
            // The user's own code: nothing changes, and the others are told all the same (Sync contract, section 6.2).
            var frame = MessageBuffer.Rent();
            SyncWriter.DevicePaired(frame, pending.DeviceId.ToString(), Context.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            _regions.Users.Tell(new TellOtherDevices(session.UserId, pending.DeviceId, frame), Self);
            Answer(new PairingEnded(SyncPairingStatus.Completed, Granted: null, session.UserId));
            return;
        }

        _regions.Users.Tell(new DismissDevice(session.UserId, session.DeviceId, session.ConnectionId), Self);
        Ask(pending with { Device = device }, joined: true);
    }

    private void Admit(Pending pending, DeviceAdmitted admitted)
    {
        var device = pending.Device!;
        var userId = new UserId(device.UserId);
        if (_session is { } earlier && earlier.ConnectionId != pending.ConnectionId)
        {
            earlier.Connection.Tell(new EndSocket(SyncClose.Superseded, Notice: null, TimeSpan.Zero), Self);
            if (earlier.UserId != userId)
            {
                _regions.Users.Tell(new DismissDevice(earlier.UserId, earlier.DeviceId, earlier.ConnectionId), Self);
            }
        }

        _session = new Session(pending.DeviceId, pending.ConnectionId, pending.Connection, userId);
        var granted = new SessionGranted(device, admitted, pending.ExpiresAt);
        Answer(pending.Pairing ? new PairingEnded(SyncPairingStatus.Completed, granted, userId) : granted);
    }

    private void Refuse(SyncClose close)
    {
        if (_pending!.Pairing)
        {
            // The device has left its former user already, or may have: only a new login tells whose it is.
            Answer(new EndSocket(close, Notice: null, TimeSpan.Zero));
            Leave();
        }
        else
        {
            Answer(new DeviceRefused(_pending.ConnectionId, close));
        }
    }

    private void Answer(object answer)
    {
        _pending!.Connection.Tell(answer, Self);
        _pending = null;
        Timers.Cancel(AdmissionTimer);
        Stash.UnstashAll();
    }

    private void Disconnect(SyncDisconnect kind)
    {
        if (_session is null)
        {
            return;
        }

        var frame = MessageBuffer.Rent();
        var removed = kind == SyncDisconnect.Removed;
        SyncWriter.DeviceRevoked(
            frame,
            removed ? SyncWriter.RemovedByUser : SyncClose.DeviceRevoked.Reason,
            Context.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        End(removed
            ? new EndSocket(SyncClose.DeviceRemoved, frame, RemovalDelay)
            : new EndSocket(SyncClose.DeviceRevoked, frame, TimeSpan.Zero));
    }

    private void End(EndSocket end)
    {
        _session!.Connection.Tell(end, Self);
        Leave();
    }

    private void Leave()
    {
        if (_session is not { } session)
        {
            return;
        }

        _session = null;
        _regions.Users.Tell(new DismissDevice(session.UserId, session.DeviceId, session.ConnectionId), Self);
        _directory.TouchAsync(session.DeviceId.Value, CancellationToken.None).PipeTo(Self, failure: static cause => new NotTouched(cause));
    }

    private void Stop()
    {
        if (_session is null && _pending is null)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(CancelPassivation.Instance, Self);
        }
    }

    private sealed record Session(DeviceId DeviceId, ConnectionId ConnectionId, IActorRef Connection, UserId UserId);

    private sealed record Pending(DeviceId DeviceId, ConnectionId ConnectionId, IActorRef Connection, bool Pairing)
    {
        internal SyncDevice? Device { get; init; }

        internal DateTimeOffset ExpiresAt { get; init; }
    }

    private sealed record LoggedIn(SyncLogin Login);

    private sealed record Paired(SyncPairingCompletion Completion);

    private sealed record Failed(Exception Cause);

    private sealed record NotTouched(Exception Cause);

    private sealed class AdmissionLate
    {
        internal static AdmissionLate Instance { get; } = new();
    }
}
