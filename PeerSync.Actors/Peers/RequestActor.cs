using PeerSync.Actors.Sessions;
using PeerSync.Kernel;
using PeerSync.Protocol.Identity;
using PeerSync.Protocol.Peers;
using PeerSync.Protocol.Sessions;

namespace PeerSync.Actors.Peers;

/// <summary>One connection request from its delivery to its answer, withdrawal or expiry.</summary>
/// <param name="regions">Where both sides and the new session are reached.</param>
/// <param name="settings">How long it may be answered.</param>
/// <param name="counters">Counts open requests.</param>
public sealed class RequestActor(PeersRegions regions, PeersSettings settings, PeersCounters counters) : UntypedActor, IWithTimers
{
    private OpenRequest? _request;

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenRequest open when _request is null:
                _request = open;
                counters.RequestOpened();
                Timers.StartSingleTimer(nameof(Expired), Expired.Instance, settings.RequestTimeout);
                break;
            case Expired when _request is not null:
                Finish(RequestOutcome.Expired);
                break;
            case AnswerRequest answer:
                Answer(answer);
                break;
            case WithdrawRequest withdraw:
                Withdraw(withdraw);
                break;
            case StopIfIdle when _request is null:
                Context.Stop(Self);
                break;
            case StopIfIdle:
                Context.Parent.Tell(CancelPassivation.Instance, Self);
                break;
        }
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        if (_request is not null)
        {
            counters.RequestClosed();
        }
    }

    private void Answer(AnswerRequest answer)
    {
        if (_request is not { } request)
        {
            RefuseUnknown();
        }
        else if (answer.UserId != request.Target.UserId)
        {
            Sender.Tell(PeersError.NotAuthorized, Self);
        }
        else if (answer.Accepted)
        {
            var session = new SessionId($"ses_{Guid.NewGuid():D}");
            Finish(RequestOutcome.Accepted);
            regions.Sessions.Tell(new OpenSession(session, request.RequestId, request.Requester, request.Target), Self);
        }
        else
        {
            Finish(RequestOutcome.Rejected);
        }
    }

    private void Withdraw(WithdrawRequest withdraw)
    {
        if (_request is not { } request)
        {
            RefuseUnknown();
        }
        else if (withdraw.UserId == request.Requester.UserId || (withdraw.Outcome == RequestOutcome.Offline && withdraw.UserId == request.Target.UserId))
        {
            Finish(withdraw.Outcome);
        }
        else
        {
            Sender.Tell(PeersError.NotAuthorized, Self);
        }
    }

    private void Finish(RequestOutcome outcome)
    {
        if (_request is not { } request)
        {
            return;
        }

        UserId requester = request.Requester.UserId, target = request.Target.UserId;
        regions.Peers.Tell(new RequestClosed(requester, request.RequestId, target, outcome, IsRequester: true), Self);
        regions.Peers.Tell(new RequestClosed(target, request.RequestId, requester, outcome, IsRequester: false), Self);

        // Not stopped at once, so that whoever asks for it meanwhile is answered.
        _request = null;
        counters.RequestClosed();
        Timers.CancelAll();
        Context.Parent.Tell(StopIfIdle.Passivate, Self);
    }

    // A request that was asked for by a wrong or outdated id exists only to answer.
    private void RefuseUnknown()
    {
        Sender.Tell(PeersError.RequestNotFound, Self);
        Context.Parent.Tell(StopIfIdle.Passivate, Self);
    }

    private sealed class Expired
    {
        internal static Expired Instance { get; } = new();
    }
}
