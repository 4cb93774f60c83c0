using PeerSync.Kernel;

namespace PeerSync.Actors.Calls;

/// <summary>One pool: takes tickets, tells devices what became of them, and lets time do its part. The rules are in <see cref="MatchPool"/>.</summary>
/// <remarks>Exists from the first ticket to some time after the last.</remarks>
public sealed class MatchPoolActor : UntypedActor, IWithTimers, IMatchPoolEvents
{
    // Work that time makes due is done in portions, so that a join never waits for the whole pool.
    private const int TicketsPerTurn = 200;

    private readonly MatchSettings _settings;
    private readonly Func<IActorRef> _findDevices;
    private readonly MatchPool _pool;
    private readonly List<string> _round = [];

    private IActorRef _devices = ActorRefs.Nobody;
    private string _name = string.Empty;
    private int _told;
    private bool _isAdvancing;
    private long _emptySince;

    /// <param name="settings">The feature's settings.</param>
    /// <param name="devices">Finds the region of the devices, which are told what happens; asked once, at the first message.</param>
    public MatchPoolActor(MatchSettings settings, Func<IActorRef> devices)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _findDevices = devices;
        _pool = new MatchPool(settings, this, static () => Guid.NewGuid().ToString());
    }

    /// <inheritdoc />
    public ITimerScheduler Timers { get; set; } = null!;

    private static long Now => Context.System.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc />
    protected override void PreStart()
    {
        _devices = _findDevices();
        _emptySince = Now;
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _settings.TickInterval);
        Timers.StartPeriodicTimer(nameof(TellProgress), TellProgress.FromTheFront, _settings.ProgressInterval);
    }

    /// <inheritdoc />
    protected override void PostStop()
    {
        foreach (var ticket in _pool.Tickets)
        {
            _devices.Tell(new TicketDropped(ticket.DeviceId, ticket.TicketId), Self);
        }
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EnqueueTicket enqueue:
                _name = enqueue.Pool;
                _emptySince = Now;
                _pool.Enqueue(enqueue.Ticket, Now);
                break;
            case ConfirmMatch confirm:
                _pool.Confirm(confirm.SessionId, confirm.DeviceId, Now);
                break;
            case WithdrawTicket withdraw:
                _pool.Withdraw(withdraw.DeviceId, withdraw.TicketId, Now);
                break;
            case BlockAdded block:
                _pool.AddBlock(block.DeviceId, block.OtherId, Now);
                break;
            case Tick when !_isAdvancing:
                Advance();
                PassivateIfUnused();
                break;
            case GoOn:
                Advance();
                break;
            case TellProgress { IsNewRound: true } when _told == _round.Count:
                _pool.Rank(_round);
                _told = 0;
                OnTellProgress();
                break;
            case TellProgress { IsNewRound: false }:
                OnTellProgress();
                break;
            case StopIfIdle when _pool.Count > 0:
                Context.Parent.Tell(CancelPassivation.Instance, Self);
                break;
            case StopIfIdle:
                Context.Stop(Self);
                break;
        }
    }

    void IMatchPoolEvents.Queued(Ticket ticket, EnqueueOutcome outcome, int position, int poolSize) =>
        _devices.Tell(new TicketQueued(ticket.DeviceId, ticket.TicketId, outcome, ticket.QueuedAt, position, poolSize), Self);

    void IMatchPoolEvents.Proposed(Match match)
    {
        _devices.Tell(new MatchProposed(match.First.DeviceId, _name, match.First.TicketId, match.SessionId), Self);
        _devices.Tell(new MatchProposed(match.Second.DeviceId, _name, match.Second.TicketId, match.SessionId), Self);
    }

    void IMatchPoolEvents.Confirmed(Match match)
    {
        _devices.Tell(Matched(match, match.First, match.Second), Self);
        _devices.Tell(Matched(match, match.Second, match.First), Self);
    }

    void IMatchPoolEvents.Returned(Ticket ticket, Match match) => _devices.Tell(new MatchLost(ticket.DeviceId, ticket.TicketId, match.SessionId), Self);

    void IMatchPoolEvents.Dropped(Ticket ticket, Match match) => _devices.Tell(new TicketDropped(ticket.DeviceId, ticket.TicketId), Self);

    private static TicketMatched Matched(Match match, Ticket ticket, Ticket peer) => new(
        ticket.DeviceId,
        ticket.TicketId,
        match.SessionId,
        peer.DeviceId,
        ReferenceEquals(ticket, match.First),
        match.First.Profile.Region,
        match.First.Profile.Language,
        match.Score,
        match.CommonInterests,
        match.MatchedAt,
        TimeSpan.FromMilliseconds(match.MatchedAt - ticket.QueuedAt));

    private void Advance()
    {
        _isAdvancing = _pool.Advance(Now, TicketsPerTurn);
        if (_isAdvancing)
        {
            Self.Tell(GoOn.Instance, Self);
        }
    }

    private void OnTellProgress()
    {
        var now = Now;
        var end = Math.Min(_round.Count, _told + TicketsPerTurn);
        for (; _told < end; _told++)
        {
            if (_pool.TryDescribe(_round[_told], now, out var ticket, out var progress))
            {
                _devices.Tell(new TicketProgress(ticket.DeviceId, ticket.TicketId, progress), Self);
            }
        }

        if (_told < _round.Count)
        {
            Self.Tell(TellProgress.FromHere, Self);
        }
    }

    private void PassivateIfUnused()
    {
        if (_pool.Count > 0)
        {
            _emptySince = Now;
        }
        else if (Now - _emptySince >= _settings.KeptEmptyFor.TotalMilliseconds)
        {
            Context.Parent.Tell(StopIfIdle.Passivate, Self);
        }
    }

    private sealed class Tick
    {
        internal static Tick Instance { get; } = new();
    }

    private sealed class GoOn
    {
        internal static GoOn Instance { get; } = new();
    }

    private sealed record TellProgress(bool IsNewRound)
    {
        internal static TellProgress FromTheFront { get; } = new(true);

        internal static TellProgress FromHere { get; } = new(false);
    }
}
