using System.Diagnostics;
using PeerSync.Actors.Calls;
using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Bench.Calls;

/// <summary>One pool of one size, kept at that size while devices come.</summary>
internal sealed class MatchRound : IMatchPoolEvents
{
    // As the actor does it (MatchPoolActor).
    private const int TicketsPerTurn = 200;

    private readonly MatchSettings _settings = new();
    private readonly MatchPool _pool;
    private readonly TicketSource _source;
    private readonly Random _random;
    private readonly int _size;
    private readonly double _meanInterval;
    private readonly List<(string DeviceId, long TicketId)> _present = [];
    private readonly Dictionary<string, int> _places = [];
    private Match? _proposed;
    private double _now = 1_000_000_000_000;
    private double _nextTick;
    private long _sessions;

    /// <param name="mix">Who waits and who comes.</param>
    /// <param name="size">How many wait.</param>
    /// <param name="rate">Arrivals in a second of the pool's time.</param>
    /// <param name="seed">Makes rounds differ.</param>
    public MatchRound(MatchMix mix, int size, int rate, int seed)
    {
        _size = size;
        _meanInterval = 1000.0 / rate;
        _source = new TicketSource(mix, seed);
        _random = new Random(seed);
        _pool = new MatchPool(_settings, this, () => (++_sessions).ToString(System.Globalization.CultureInfo.InvariantCulture));
        _nextTick = _now;
    }

    /// <summary>Nanoseconds of each decision: one ticket taken in and its partner looked for.</summary>
    public Histogram Decisions { get; private set; } = new();

    /// <summary>Nanoseconds of each portion of what time alone makes due.</summary>
    public Histogram Turns { get; private set; } = new();

    /// <summary>Decisions that found a partner.</summary>
    public long Matched { get; private set; }

    /// <summary>Seconds spent in decisions.</summary>
    public double Busy { get; private set; }

    /// <summary>Lets so many wait as the round is for.</summary>
    public void Fill(CancellationToken cancellationToken)
    {
        while (_pool.Waiting < _size)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Enqueue(_source.Waiting(Now), isCounted: false);
        }
    }

    /// <summary>Lets devices come for a while.</summary>
    public void Run(TimeSpan time, CancellationToken cancellationToken)
    {
        (Decisions, Turns, Matched, Busy) = (new Histogram(), new Histogram(), 0, 0);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _now -= Math.Log(1 - _random.NextDouble()) * _meanInterval;
            while (_nextTick <= _now)
            {
                Tick((long)_nextTick);
                _nextTick += _settings.TickInterval.TotalMilliseconds;
            }

            Enqueue(_source.Arriving(Now), isCounted: true);
            while (_pool.Waiting < _size)
            {
                Enqueue(_source.Waiting(Now), isCounted: true);
            }

            while (_pool.Waiting > _size)
            {
                var (deviceId, ticketId) = _present[_random.Next(_present.Count)];
                _pool.Withdraw(deviceId, ticketId, Now);
                Forget(deviceId);
            }
        }
    }

    void IMatchPoolEvents.Queued(Ticket ticket, EnqueueOutcome outcome, int position, int poolSize)
    {
        if (_places.TryAdd(ticket.DeviceId, _present.Count))
        {
            _present.Add((ticket.DeviceId, ticket.TicketId));
        }
    }

    void IMatchPoolEvents.Proposed(Match match) => _proposed = match;

    void IMatchPoolEvents.Confirmed(Match match)
    {
        Forget(match.First.DeviceId);
        Forget(match.Second.DeviceId);
    }

    void IMatchPoolEvents.Returned(Ticket ticket, Match match)
    {
    }

    void IMatchPoolEvents.Dropped(Ticket ticket, Match match) => Forget(ticket.DeviceId);

    private long Now => (long)_now;

    private void Enqueue(Ticket ticket, bool isCounted)
    {
        var started = Stopwatch.GetTimestamp();
        _pool.Enqueue(ticket, Now);
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (isCounted)
        {
            Decisions.Record((long)elapsed.TotalNanoseconds);
            Busy += elapsed.TotalSeconds;
            Matched += _proposed is null ? 0 : 1;
        }

        Confirm(Now);
    }

    private void Tick(long now)
    {
        var isMoreDue = true;
        while (isMoreDue)
        {
            var started = Stopwatch.GetTimestamp();
            isMoreDue = _pool.Advance(now, TicketsPerTurn);
            Turns.Record((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
            Confirm(now);
        }
    }

    // Of a tick's proposals only the last is confirmed, so that some run out as they do in life.
    private void Confirm(long now)
    {
        if (_proposed is { } match)
        {
            _proposed = null;
            _pool.Confirm(match.SessionId, match.First.DeviceId, now);
            _pool.Confirm(match.SessionId, match.Second.DeviceId, now);
        }
    }

    private void Forget(string deviceId)
    {
        if (!_places.Remove(deviceId, out var place))
        {
            return;
        }

        var last = _present[^1];
        _present.RemoveAt(_present.Count - 1);
        if (place < _present.Count)
        {
            _present[place] = last;
            _places[last.DeviceId] = place;
        }
    }
}
