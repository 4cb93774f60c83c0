using PeerSync.Kernel;
using PeerSync.Protocol.Buffers;
using PeerSync.Protocol.Calls;
using PeerSync.Protocol.Connections;
using PeerSync.Storage;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>
/// One device, whatever sockets it has: idle, waiting for a partner, or in a call. The newest socket gets what happens by itself; answers go to the socket that
/// asked.
/// </summary>
/// <remarks>Exists while the device has a socket, and for as long as its recent partners and joins count.</remarks>
public sealed partial class CallsDeviceActor : UntypedActor, IWithTimers
{
    // Far more than a client sends while storage or a pool answers.
    private const int MaxHeld = 1000;

    private readonly CallsEntities _entities;
    private readonly CallSettings _settings;
    private readonly ICallsDirectory _directory;
    private readonly CallsPeerIds _peerIds;
    private readonly CallsCounters _counters;

    // The newest last.
    private readonly List<DeviceSocket> _sockets = [];

    // What clients ask for while something before it is still being dealt with.
    private readonly Queue<ICallsSocketMessage> _held = new();
    private readonly Queue<long> _joins = new();
    private readonly List<RecentMatch> _recent = [];
    private readonly List<DeviceCall> _past = [];

    private string _deviceId = string.Empty;
    private DeviceWait? _wait;
    private DeviceCall? _call;
    private bool _isBusy;
    private bool _isKnown;
    private (DeviceSocket Socket, long AckId)? _acknowledgement;
    private long _lastTicket;
    private DateTimeOffset? _restrictedUntil;

    /// <param name="entities">Where calls and pools are reached.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="directory">Devices, blocks, bans and strikes.</param>
    /// <param name="peerIds">The names under which devices see each other.</param>
    /// <param name="counters">What the metrics read.</param>
    public CallsDeviceActor(CallsEntities entities, CallSettings settings, ICallsDirectory directory, CallsPeerIds peerIds, CallsCounters counters)
    {
        _entities = entities;
        _settings = settings;
        _directory = directory;
        _peerIds = peerIds;
        _counters = counters;
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private static long Now => Context.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsIdle => _sockets.Count == 0 && _wait is null && _call is null && !_isBusy;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (message is ICallsDeviceMessage addressed)
        {
            _deviceId = addressed.DeviceId;
        }

        switch (message)
        {
            case PeerSaid said:
                OnPeerSaid(said);
                break;
            case ICallsSocketMessage request when _isBusy:
                Hold(request);
                break;
            case ICallsSocketMessage request:
                Handle(request);
                break;
            case AttachSocket attach:
                Attach(attach, Sender);
                return;
            case DetachSocket detach:
                Detach(detach);
                break;
            case StrikeNoted noted:
                OnStrike(noted);
                break;
            case DeviceBanned:
                Ban();
                break;
            case StopIfIdle:
                Stop();
                return;
            case CallOpened or CallMissed or PeerLeft or GraceOver:
                OnCall(message);
                break;
            default:
                OnQueue(message);
                break;
        }

        PassivateIfIdle();
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // What was known of the sockets is lost; their clients come back with new ones.
        foreach (var socket in _sockets)
        {
            socket.Actor.Tell(new SocketCut(MayComeBack: true), Self);
        }

        Withdraw();
        EndCall(CallEnd.Disconnected);
        base.PreRestart(reason, message);
    }

    private void Attach(AttachSocket attach, IActorRef actor) => RunTask(async () =>
    {
        CallsStanding standing;
        try
        {
            // A ban that comes meanwhile is the next message, and finds the socket.
            standing = await _directory.GetStandingAsync(_deviceId, CancellationToken.None);
        }
        catch (StorageUnavailableException exception)
        {
            Context.GetLogger().Warning("A socket could not be taken: {0}", exception.Message);
            actor.Tell(new SocketCut(MayComeBack: true), Self);
            PassivateIfIdle();
            return;
        }

        if (standing.Ban is not null)
        {
            actor.Tell(new SocketCut(MayComeBack: false), Self);
            PassivateIfIdle();
            return;
        }

        _restrictedUntil = standing.RestrictedUntil;
        Timers.Cancel(nameof(StopIfIdle));
        Timers.Cancel(nameof(GraceOver));
        _sockets.Add(new DeviceSocket(attach.ConnectionId, actor));
        actor.Tell(SocketAttached.Instance, Self);
        while (_call is not null && _call.Kept.TryDequeue(out var packet))
        {
            actor.Tell(packet, Self);
        }
    });

    private void Detach(DetachSocket detach)
    {
        _sockets.RemoveAll(socket => socket.ConnectionId == detach.ConnectionId);
        if (_sockets.Count > 0)
        {
            return;
        }

        Withdraw();
        if (_call is not null && detach.IsLost && _settings.ResumeGrace > TimeSpan.Zero)
        {
            Timers.StartSingleTimer(nameof(GraceOver), GraceOver.Instance, _settings.ResumeGrace);
        }
        else
        {
            EndCall(CallEnd.Disconnected);
        }
    }

    private void Ban()
    {
        foreach (var socket in _sockets)
        {
            socket.Actor.Tell(new SocketCut(MayComeBack: false), Self);
        }

        _sockets.Clear();
        Withdraw();
        EndCall(CallEnd.Disconnected);
    }

    private static void Release(ICallsSocketMessage request) => (request as SendToPeer)?.Content.Data?.Release();

    private void Hold(ICallsSocketMessage request)
    {
        if (_held.Count < MaxHeld)
        {
            _held.Enqueue(request);
        }
        else
        {
            Release(request);
        }
    }

    private void Handle(ICallsSocketMessage request)
    {
        if (Find(request.ConnectionId) is not { } socket)
        {
            Release(request);
            return;
        }

        switch (request)
        {
            case SendToPeer send:
                Send(send, socket);
                break;
            case SeekPartner join:
                Join(join, socket);
                break;
            case StopSeeking:
                Withdraw();
                Answer(socket, CallsPackets.QueueLeft(Now));
                break;
            case HangUp end:
                OnHangUp(end, socket);
                break;
            case DescribeMatch describe:
                Answer(socket, CallsPackets.MatchDetails(describe.SessionId, Known(describe.SessionId)));
                break;
            case TellConnection { Status: var status } when Known(status.SessionId) is not null:
                if (status.IsConnected)
                {
                    _counters.ConnectionSuccesses.Increment("p2p");
                }
                else
                {
                    _counters.ConnectionFailures.Increment("failed");
                }

                break;
            case RefuseEvent refuse:
                Refuse(socket, refuse.Error);
                break;
        }

        if (request.AckId is { } ackId)
        {
            Acknowledge(socket, ackId);
        }
    }

    // Where the answer takes a while, the acknowledgement comes behind it.
    private void Acknowledge(DeviceSocket socket, long ackId)
    {
        if (_isBusy)
        {
            _acknowledgement = (socket, ackId);
        }
        else
        {
            Answer(socket, CallsPackets.Acknowledgement(ackId));
        }
    }

    /// <summary>What was under way is done: goes on with what clients asked for meanwhile.</summary>
    private void GoOn()
    {
        if (!_isBusy)
        {
            return;
        }

        _isBusy = false;
        if (_acknowledgement is { } waiting)
        {
            _acknowledgement = null;
            Answer(waiting.Socket, CallsPackets.Acknowledgement(waiting.AckId));
        }

        while (!_isBusy && _held.TryDequeue(out var request))
        {
            Handle(request);
        }
    }

    private DeviceSocket? Find(ConnectionId connectionId) => _sockets.Find(socket => socket.ConnectionId == connectionId);

    private void Answer(DeviceSocket socket, MessageBuffer packet) => socket.Actor.Tell(packet, Self);

    private void Refuse(DeviceSocket socket, CallsError error)
    {
        _counters.Errors.Increment(error.Code, "signaling");
        Answer(socket, CallsPackets.Error(error));
    }

    /// <summary>Sends what happens by itself: to the newest socket, or later where there is none for the moment.</summary>
    private void Push(MessageBuffer packet)
    {
        if (_sockets.Count > 0)
        {
            Answer(_sockets[^1], packet);
        }
        else if (_call is not null && _call.Kept.Count < _settings.ResumePackets)
        {
            _call.Kept.Enqueue(packet);
        }
        else
        {
            packet.Release();
        }
    }

    private void PassivateIfIdle()
    {
        if (!IsIdle)
        {
            return;
        }

        var now = Now;
        Forget(now);
        var keptUntil = Math.Max(
            _recent.Count > 0 ? _recent[^1].MatchedAt + (long)_settings.Matching.RecentFor.TotalMilliseconds : now,
            _joins.Count > 0 ? _joins.Last() + (long)_settings.JoinWindow.TotalMilliseconds : now);
        if (keptUntil <= now)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
        else
        {
            Timers.StartSingleTimer(nameof(StopIfIdle), StopIfIdle.Instance, TimeSpan.FromMilliseconds(keptUntil - now));
        }
    }

    // Comes from the region, which waits for an answer, and from the timer, which starts over.
    private void Stop()
    {
        Forget(Now);
        if (IsIdle && _recent.Count == 0 && _joins.Count == 0)
        {
            Context.Stop(Self);
            return;
        }

        Context.Parent.Tell(CancelPassivation.Instance, Self);
        PassivateIfIdle();
    }

    private void Forget(long now)
    {
        var recentFor = (long)_settings.Matching.RecentFor.TotalMilliseconds;
        _recent.RemoveAll(match => now - match.MatchedAt >= recentFor);
        while (_joins.TryPeek(out var join) && now - join >= _settings.JoinWindow.TotalMilliseconds)
        {
            _joins.Dequeue();
        }
    }

    private sealed class GraceOver
    {
        internal static GraceOver Instance { get; } = new();
    }
}
