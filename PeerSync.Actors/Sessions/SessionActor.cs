using PeerSync.Actors.Peers;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Sessions;

/// <summary>One session between two peers: checks who takes part and relays. Lives until a member ends it or stays away too long.</summary>
/// <param name="regions">Where the members are reached.</param>
/// <param name="settings">How long a member may be away.</param>
/// <param name="counters">Counts open sessions and relayed messages.</param>
public sealed class SessionActor(PeersRegions regions, PeersSettings settings, PeersCounters counters) : UntypedActor, IWithTimers
{
    private SessionId _id;
    private UserId _host;
    private UserId _guest;
    private bool _open;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessage relay:
                Relay(relay);
                break;
            case OpenSession open:
                Open(open);
                break;
            case MemberAbsent absent when IsMember(absent.UserId):
                Timers.StartSingleTimer(absent.UserId, AbsenceOver.Instance, settings.SessionAbsence);
                break;
            case MemberBack back:
                Timers.Cancel(back.UserId);
                break;
            case AbsenceOver when _open:
                End(PeersReason.Absent);
                break;
            case EndSession end:
                if (Refusal(end.UserId) is { } error)
                {
                    Refuse(error);
                }
                else
                {
                    End(PeersReason.Ended);
                }

                break;
            case StopIfIdle when !_open:
                Context.Stop(Self);
                break;
            case StopIfIdle:
                Context.Parent.Tell(CancelPassivation.Instance, Self);
                break;
            default:
                StopIfNotOpen();
                break;
        }
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_open)
        {
            counters.SessionClosed();
        }
    }

    private bool IsMember(UserId user) => _open && (user == _host || user == _guest);

    private UserId Other(UserId user) => user == _host ? _guest : _host;

    private void Relay(RelayMessage relay)
    {
        if (Refusal(relay.From) is { } error)
        {
            relay.Complete();
            Refuse(error);
            return;
        }

        counters.MessageRelayed();
        regions.Peers.Tell(relay.To(Other(relay.From)), Sender);
    }

    private PeersError? Refusal(UserId user) => !_open ? PeersError.SessionNotFound : IsMember(user) ? null : PeersError.NotAParticipant;

    private void Refuse(PeersError error)
    {
        Sender.Tell(error, Self);
        StopIfNotOpen();
    }

    private void Open(OpenSession open)
    {
        if (_open)
        {
            return;
        }

        _open = true;
        _id = open.SessionId;
        _host = open.Host.UserId;
        _guest = open.Guest.UserId;
        counters.SessionOpened();
        regions.Peers.Tell(new SessionOpened(_host, open.SessionId, open.RequestId, open.Guest), Self);
        regions.Peers.Tell(new SessionOpened(_guest, open.SessionId, null, open.Host), Self);
    }

    private void End(string reason)
    {
        regions.Peers.Tell(new SessionEnded(_host, _id, reason, _guest), Self);
        regions.Peers.Tell(new SessionEnded(_guest, _id, reason, _host), Self);

        // Not stopped at once, so that members who write meanwhile are answered.
        _open = false;
        counters.SessionClosed();
        Timers.CancelAll();
        StopIfNotOpen();
    }

    // A session that was asked for by a wrong or outdated id exists only to answer.
    private void StopIfNotOpen()
    {
        if (!_open)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    private sealed class AbsenceOver
    {
        internal static AbsenceOver Instance { get; } = new();
    }
}
