using PeerSync.Kernel;
using PeerSync.Protocol.Calls;
using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>One call: its two members and the way of what they send each other, in the order of its sending.</summary>
/// <remarks>Exists from the first member's coming until some time after the end, for the sake of reports.</remarks>
public sealed class CallActor : UntypedActor, IWithTimers
{
    private readonly CallsEntities _entities;
    private readonly CallSettings _settings;
    private readonly CallsCounters _counters;
    private readonly Queue<CallsEvidenceLine> _lines = new();

    private string _sessionId = string.Empty;
    private State _state;
    private EnterCall? _first;
    private EnterCall? _second;

    /// <param name="entities">Where the devices are reached.</param>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="counters">What the metrics read.</param>
    public CallActor(CallsEntities entities, CallSettings settings, CallsCounters counters)
    {
        _entities = entities;
        _settings = settings;
        _counters = counters;
    }

    private enum State
    {
        Unused,
        Waiting,
        Open,
        Ended,
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SayInCall say:
                OnSay(say);
                return;
            case EnterCall enter:
                OnEnter(enter);
                break;
            case LeaveCall leave:
                OnLeave(leave);
                break;
            case FindEvidence find:
                Sender.Tell(new EvidenceFound(Evidence(find.DeviceId)), Self);
                break;
            case Overdue when _state == State.Waiting:
                Miss();
                break;
            case Forget:
                _state = State.Unused;
                _first = _second = null;
                _lines.Clear();
                break;
            case StopIfIdle when _state == State.Unused:
                Context.Stop(Self);
                return;
            case StopIfIdle:
                Context.Parent.Tell(CancelPassivation.Instance, Self);
                return;
        }

        if (_state == State.Unused)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    /// <inheritdoc />
    protected override void PreRestart(Exception reason, object message)
    {
        // Who is in the call is lost; both shall know that it is over.
        if (_state == State.Open)
        {
            End(CallEnd.Disconnected);
            Tell(new PeerLeft(_first!.DeviceId, _sessionId));
            Tell(new PeerLeft(_second!.DeviceId, _sessionId));
        }

        base.PreRestart(reason, message);
    }

    private void OnEnter(EnterCall enter)
    {
        switch (_state)
        {
            case State.Unused:
                _sessionId = enter.SessionId;
                _first = enter;
                _state = State.Waiting;
                Timers.StartSingleTimer(nameof(Overdue), Overdue.Instance, _settings.EnterWithin);
                break;
            case State.Waiting when enter.DeviceId == _first!.PeerId && enter.PeerId == _first.DeviceId:
                Timers.Cancel(nameof(Overdue));
                _second = enter;
                _state = State.Open;
                _counters.Matched(_first.Waited, enter.Waited);
                _counters.SessionStarted(CallsRegions.Label(enter.Region), CallsLanguages.Label(enter.Language));
                Tell(new CallOpened(_first.DeviceId, _sessionId));
                Tell(new CallOpened(enter.DeviceId, _sessionId));
                break;
            case State.Ended when _second is null:

                // The other has already declined.
                Tell(new CallMissed(enter.DeviceId, enter.SessionId));
                break;
        }
    }

    private void OnLeave(LeaveCall leave)
    {
        switch (_state)
        {
            case State.Unused:
                _sessionId = leave.SessionId;
                Remember();
                break;
            case State.Waiting when leave.DeviceId == _first!.DeviceId:
                Timers.Cancel(nameof(Overdue));
                Remember();
                break;
            case State.Waiting:
                Miss();
                break;
            case State.Open when Other(leave.DeviceId) is { } other:
                End(leave.Reason);
                Tell(new PeerLeft(other.DeviceId, _sessionId));
                break;
        }
    }

    private void OnSay(SayInCall say)
    {
        if (_state != State.Open || Other(say.DeviceId) is not { } other)
        {
            say.Content.Data?.Release();
            return;
        }

        switch (say.Content.Kind)
        {
            case CallsClientEvent.SendOffer:
                _counters.OfferRelayed();
                break;
            case CallsClientEvent.SendAnswer:
                _counters.AnswerRelayed();
                break;
            case CallsClientEvent.SendCandidate:
                _counters.CandidateRelayed();
                break;
            case CallsClientEvent.SendMessage:
                Keep(say.DeviceId, say.Content.Message!.Message);
                break;
        }

        Tell(new PeerSaid(other.DeviceId, _sessionId, say.Content));
    }

    private void Keep(string sender, string text)
    {
        if (_lines.Count == NewCallsReport.MaxEvidence)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue(new CallsEvidenceLine(sender, text, Context.System.TimeProvider.GetUtcNow()));
    }

    private CallsEvidence? Evidence(string deviceId) =>
        _second is not null && Other(deviceId) is { } other ? new CallsEvidence(other.DeviceId, [.. _lines]) : null;

    private EnterCall? Other(string deviceId) => deviceId == _first!.DeviceId ? _second : deviceId == _second!.DeviceId ? _first : null;

    private void Miss()
    {
        Timers.Cancel(nameof(Overdue));
        Tell(new CallMissed(_first!.DeviceId, _sessionId));
        Remember();
    }

    private void End(CallEnd reason)
    {
        _counters.SessionEnded(reason switch
        {
            CallEnd.HungUp => "end-call",
            CallEnd.Skipped => "skip",
            _ => "disconnect",
        });
        Remember();
    }

    private void Remember()
    {
        _state = State.Ended;
        Timers.StartSingleTimer(nameof(Forget), Forget.Instance, _settings.RememberFor);
    }

    private void Tell(ICallsDeviceMessage message) => _entities.Devices.Tell(message, Self);

    private sealed class Overdue
    {
        internal static Overdue Instance { get; } = new();
    }

    private sealed class Forget
    {
        internal static Forget Instance { get; } = new();
    }
}
