using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <content>The wait for a partner.</content>
public sealed partial class CallsDeviceActor
{
    // A pool speaks at least every ProgressInterval to everybody; one that is silent for this long has been lost.
    private const int SilentIntervals = 8;

    private static readonly TimeSpan PoolAnswer = TimeSpan.FromSeconds(3);

    private bool _awaitsPool;

    private TimeSpan PoolSilence => _settings.Matching.ProgressInterval * SilentIntervals;

    private void OnQueue(object message)
    {
        switch (message)
        {
            case TicketQueued queued when IsCurrent(queued.TicketId):
                OnQueued(queued);
                break;
            case TicketProgress progress when IsCurrent(progress.TicketId):
                OnProgress(progress.Progress);
                break;
            case MatchProposed proposed:
                OnProposed(proposed);
                break;
            case MatchLost lost when IsCurrent(lost.TicketId):
                _wait!.IsProposed = false;
                _wait.HeardAt = Now;
                break;
            case TicketDropped dropped when IsCurrent(dropped.TicketId):
                Enqueue(_wait!);
                break;
            case TicketMatched matched:
                OnMatched(matched);
                break;
            case DeviceBlocked blocked when _wait is not null:
                _entities.Pools.Tell(new BlockAdded(_wait.Pool, _deviceId, blocked.OtherId), Self);
                break;
            case PoolCheck:
                CheckPool();
                break;
            case PoolOverdue:
                PoolAnswered();
                break;
            case JoinLoaded loaded:
                OnJoinLoaded(loaded);
                break;
        }
    }

    private bool IsCurrent(long ticketId) => _wait is not null && _wait.Ticket.TicketId == ticketId;

    private void Join(SeekPartner request, DeviceSocket socket)
    {
        var now = Now;
        if (_call is not null)
        {
            // The client may have sent it before it heard of the match. One that came after knows of no call.
            var isStale = !_call.IsOpen || (socket.Saw == _call && now - _call.MatchedAt < _settings.StaleJoins.TotalMilliseconds);
            if (isStale)
            {
                return;
            }

            Answer(socket, CallsPackets.CallEnded(_call.SessionId));
            EndCall(CallEnd.Skipped);
        }

        if (_wait is not null && _wait.Join.Equals(request.Join))
        {
            // An answer makes the client render, and a render makes it join: one answer is enough.
            if (socket.ToldOf != _wait)
            {
                socket.ToldOf = _wait;
                Answer(socket, CallsPackets.QueueJoined(_wait.Position, _wait.PoolSize, now));
            }

            return;
        }

        Forget(now);
        if (_settings.MaxJoins > 0 && _joins.Count >= _settings.MaxJoins)
        {
            _counters.RateLimitHits.Increment("join");
            Refuse(socket, CallsError.RateLimited);
            return;
        }

        _joins.Enqueue(now);
        _isBusy = true;
        var (rated, isKnown) = (_rated, _isKnown);
        LoadAsync().PipeTo(
            Self,
            success: loaded => new JoinLoaded(request, loaded.Standing, loaded.Blocked),
            failure: exception => new JoinLoaded(request, null, [], exception.Message));

        async Task<(CallsStanding Standing, IReadOnlyList<string> Blocked)> LoadAsync()
        {
            await rated.ConfigureAwait(false);
            if (!isKnown)
            {
                await _directory.EnsureDeviceAsync(request.DeviceId, CancellationToken.None).ConfigureAwait(false);
            }

            var standing = await _directory.GetStandingAsync(request.DeviceId, CancellationToken.None).ConfigureAwait(false);
            return (standing, await _directory.ListBlockedEitherWayAsync(request.DeviceId, CancellationToken.None).ConfigureAwait(false));
        }
    }

    private void OnJoinLoaded(JoinLoaded loaded)
    {
        // Meanwhile the socket may be gone, or an earlier wish may have been granted.
        if (Find(loaded.Request.ConnectionId) is not { } socket || _call is not null)
        {
            GoOn();
        }
        else if (loaded.Standing is not { } standing)
        {
            Context.GetLogger().Warning("A join could not be dealt with: {0}", loaded.Fault);
            Refuse(socket, CallsError.Internal);
            GoOn();
        }
        else if (standing.Ban is not null)
        {
            Ban();
            GoOn();
        }
        else if (_settings.MaxPendingReporters > 0 && standing.PendingReporters > _settings.MaxPendingReporters)
        {
            Withdraw();
            Refuse(socket, CallsError.QueueRefused);
            GoOn();
        }
        else
        {
            _isKnown = true;
            Wait(loaded.Request.Join, standing.Rating, loaded.Blocked, socket);
        }
    }

    private void Wait(JoinRequest join, int rating, IReadOnlyList<string> blocked, DeviceSocket socket)
    {
        var queuedAt = _wait?.Ticket.QueuedAt ?? Now;
        if (_wait is not null && _wait.Pool != join.Language)
        {
            _entities.Pools.Tell(new WithdrawTicket(_wait.Pool, _deviceId, _wait.Ticket.TicketId), Self);
        }

        if (_wait is null)
        {
            _counters.QueueChanged(1);
            Timers.StartPeriodicTimer(nameof(PoolCheck), PoolCheck.Instance, PoolSilence);
        }

        _wait = new DeviceWait(join, Ticket.Create(NextTicket(), _deviceId, join, rating, isPremium: false, age: null, queuedAt, blocked, [.. _recent]));
        _wait.Joiner = socket;
        _awaitsPool = true;
        socket.ToldOf = _wait;
        Timers.StartSingleTimer(nameof(PoolOverdue), PoolOverdue.Instance, PoolAnswer);
        _wait.HeardAt = Now;
        _entities.Pools.Tell(new EnqueueTicket(_wait.Pool, _wait.Ticket), Self);
    }

    private void OnQueued(TicketQueued queued)
    {
        _wait!.HeardAt = Now;
        _wait.Position = queued.Position;
        _wait.PoolSize = queued.PoolSize;
        if (!_wait.IsTold)
        {
            _wait.IsTold = true;
            Answer(_wait.Joiner!, CallsPackets.QueueJoined(queued.Position, queued.PoolSize, Now));
        }

        PoolAnswered();
    }

    private void OnProgress(in MatchProgress progress)
    {
        _wait!.HeardAt = Now;
        _wait.Position = progress.Position;
        _wait.PoolSize = progress.PoolSize;
        if (!_wait.IsProposed)
        {
            Push(CallsPackets.QueueUpdate(progress));
        }
    }

    private void OnProposed(MatchProposed proposed)
    {
        if (!IsCurrent(proposed.TicketId))
        {
            _entities.Pools.Tell(new WithdrawTicket(proposed.Pool, _deviceId, proposed.TicketId), Self);
            return;
        }

        _wait!.IsProposed = true;
        _wait.HeardAt = Now;
        _entities.Pools.Tell(new ConfirmMatch(proposed.Pool, proposed.SessionId, _deviceId), Self);
    }

    private void OnMatched(TicketMatched matched)
    {
        if (!IsCurrent(matched.TicketId))
        {
            _entities.Calls.Tell(new LeaveCall(matched.SessionId, _deviceId, CallEnd.Disconnected), Self);
            return;
        }

        var wait = _wait!;
        EndWait();
        _call = new DeviceCall(matched, _peerIds.Of(_deviceId, matched.PeerId), wait);
        _entities.Calls.Tell(
            new EnterCall(matched.SessionId, _deviceId, matched.PeerId, matched.Region, matched.Language, matched.Waited), Self);
    }

    /// <summary>The wait goes on, or begins anew in a pool that does not know it.</summary>
    private void Enqueue(DeviceWait wait)
    {
        wait.IsProposed = false;
        wait.HeardAt = Now;
        wait.Ticket = wait.Ticket with { TicketId = NextTicket(), Recent = [.. _recent] };
        _entities.Pools.Tell(new EnqueueTicket(wait.Pool, wait.Ticket), Self);
    }

    private void CheckPool()
    {
        if (_wait is not null && Now - _wait.HeardAt >= PoolSilence.TotalMilliseconds)
        {
            Enqueue(_wait);
        }
    }

    private void Withdraw()
    {
        if (_wait is { } wait)
        {
            _entities.Pools.Tell(new WithdrawTicket(wait.Pool, _deviceId, wait.Ticket.TicketId), Self);
            EndWait();
        }
    }

    private void EndWait()
    {
        _wait = null;
        _counters.QueueChanged(-1);
        Timers.Cancel(nameof(PoolCheck));
        PoolAnswered();
    }

    private void PoolAnswered()
    {
        if (_awaitsPool)
        {
            _awaitsPool = false;
            Timers.Cancel(nameof(PoolOverdue));
            GoOn();
        }
    }

    private long NextTicket() => _lastTicket = Math.Max(_lastTicket + 1, Now);

    private sealed record JoinLoaded(SeekPartner Request, CallsStanding? Standing, IReadOnlyList<string> Blocked, string? Fault = null);

    private sealed class PoolCheck
    {
        internal static PoolCheck Instance { get; } = new();
    }

    private sealed class PoolOverdue
    {
        internal static PoolOverdue Instance { get; } = new();
    }
}
