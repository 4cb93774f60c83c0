using PeerSync.Kernel;

namespace PeerSync.Host.Sockets;

/// <content>
/// What time brings: pings, the check for the dead, deadlines. All of it is looked at once a second by one timer for all sockets. A dialect that was chosen
/// by the request finds the dead by itself.
/// </content>
internal sealed partial class WebSocketConnection
{
    private long _deadlineTick = long.MaxValue;
    private object? _deadlineMessage;
    private long _closeDeadlineTick = long.MaxValue;

    /// <summary>Called once a second. Does no I/O and does not wait.</summary>
    internal void Tick(long now)
    {
        if (now >= Volatile.Read(ref _closeDeadlineTick))
        {
            Abort();
            return;
        }

        if (now - _server.StallTicks >= Volatile.Read(ref _flushingSinceTick))
        {
            DisconnectSlowConsumer();
        }

        if (now >= Volatile.Read(ref _deadlineTick))
        {
            Volatile.Write(ref _deadlineTick, long.MaxValue);
            OnDeadline();
        }

        if (_overBudget)
        {
            ReleaseReader();
        }

        if ((now + Number) % _server.HeartbeatTicks == 0 && now > OpenedAtTick)
        {
            Heartbeat();
        }
    }

    private void Heartbeat()
    {
        if (IsClosing || Dialect is IRequestDialect)
        {
            return;
        }

        _unansweredPings = _alive ? 0 : _unansweredPings + 1;
        var limits = Dialect?.Limits;
        if (_unansweredPings >= (limits?.UnansweredPings ?? 1))
        {
            // Half-open: whoever was there has not even answered a ping for a whole interval.
            if (limits?.HeartbeatTimeout is { } close)
            {
                TryClose(close.Code, close.Reason);
            }
            else
            {
                Abort();
            }

            return;
        }

        _alive = false;
        RequestControlFrame(ControlFrames.Ping);
    }

    private void OnDeadline()
    {
        if (Volatile.Read(ref _deadlineMessage) is not { } message)
        {
            return;
        }

        // A client that never sent anything has no actor yet; it is told in the words of the path's default dialect.
        var actor = _actor ?? StartActor(default);
        actor.Tell(message, ActorRefs.NoSender);
    }
}
