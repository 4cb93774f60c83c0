using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>
/// The devices that wait for a partner in one language, and who is matched with whom (Calls contract, section 6). Between calls no two of them wait that may be
/// matched: each new, changed or relaxed ticket looks for its partner at once.
/// </summary>
/// <remarks>
/// <para>Not safe for concurrent use; an actor owns it. Knows no clock: every call is told the time, which must not go back.</para>
/// <para>
/// The cost of a decision grows with the logarithm of the tickets and with how many devices the ticket itself excludes: rules that hold for groups are decided for
/// groups. The score is compared over a bounded number of partners; the one that has waited longest is always found.
/// </para>
/// <para>
/// Of several partners the one that fits best is taken, unless the one that has waited longest is urgent or was passed over
/// <see cref="MatchSettings.MaxPassedOver"/> times: then that one.
/// </para>
/// </remarks>
public sealed class MatchPool
{
    private static readonly Comparer<MatchEntry> ExpiryOrder = Comparer<MatchEntry>.Create(MatchEntry.CompareExpiry);
    private static readonly int Types = Enum.GetValues<QueueType>().Length;

    private readonly MatchSettings _settings;
    private readonly IMatchPoolEvents _events;
    private readonly Func<string> _newSessionId;
    private readonly long _recentFor;

    private readonly Dictionary<string, MatchEntry> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MatchReservation> _reservations = new(StringComparer.Ordinal);
    private readonly Queue<MatchReservation> _deadlines = new();
    private readonly MatchIndex _index = new();
    private readonly SortedSet<MatchEntry> _order = MatchBucket.NewSet();
    private readonly SortedSet<MatchEntry> _expiries = new(ExpiryOrder);
    private readonly RecentWaits _waits = new();

    // Who waits for its next relaxation, by queue type, because how many wait in it decides when that is.
    private readonly SortedSet<MatchEntry>[] _strict = [.. Enumerable.Range(0, Types).Select(static _ => MatchBucket.NewSet())];
    private readonly SortedSet<MatchEntry> _urgent = MatchBucket.NewSet();
    private readonly int[] _waitingByType = new int[Types];
    private long _lastNumber;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="settings">The feature's settings.</param>
    /// <param name="events">Is told what happens.</param>
    /// <param name="newSessionId">Makes ids of sessions.</param>
    public MatchPool(MatchSettings settings, IMatchPoolEvents events, Func<string> newSessionId)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(newSessionId);
        _settings = settings;
        _events = events;
        _newSessionId = newSessionId;
        _recentFor = Milliseconds(settings.RecentFor);
    }

    /// <summary>How many devices wait, without those that have been proposed a match.</summary>
    public int Waiting => _order.Count;

    /// <summary>How many devices there are, those included.</summary>
    public int Count => _devices.Count;

    /// <summary>Takes a ticket in and looks for its partner. A device that is in the pool already keeps its time; the same wish again changes nothing.</summary>
    /// <param name="ticket">The ticket. Of a time in the future it counts from now.</param>
    /// <param name="now">Unix milliseconds.</param>
    public EnqueueOutcome Enqueue(Ticket ticket, long now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        ticket = ticket.QueuedAt > now ? ticket with { QueuedAt = now } : ticket;
        _devices.TryGetValue(ticket.DeviceId, out var older);
        if (older is not null && older.Ticket.AsksForTheSame(ticket))
        {
            return Repeat(older, ticket);
        }

        var entry = new MatchEntry(older is null ? ticket : ticket with { QueuedAt = Math.Min(ticket.QueuedAt, older.Ticket.QueuedAt) }, ++_lastNumber);
        if (older is not null)
        {
            // What was relaxed stays so, whatever else is wished: a wait is worth something.
            entry.Class = entry.Class with { Level = older.Level };
            entry.PassedOver = older.PassedOver;
            Leave(older, now);
        }

        _devices.Add(entry.DeviceId, entry);
        Wait(entry, now);
        var outcome = older is null ? EnqueueOutcome.Added : EnqueueOutcome.Replaced;
        _events.Queued(entry.Ticket, outcome, entry.Position, Waiting);
        Seek(entry, now);
        return outcome;
    }

    /// <summary>Takes a device's ticket out. A device that it was proposed to waits again, at its old place.</summary>
    /// <param name="deviceId">Who.</param>
    /// <param name="ticketId">The ticket that is withdrawn; a newer one stays.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>Whether there was one.</returns>
    public bool Withdraw(string deviceId, long ticketId, long now)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        if (!_devices.TryGetValue(deviceId, out var entry) || entry.Ticket.TicketId > ticketId)
        {
            return false;
        }

        Leave(entry, now);
        return true;
    }

    /// <summary>A device takes the match that was proposed to it.</summary>
    /// <param name="sessionId">The match.</param>
    /// <param name="deviceId">Who.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>Whether that match still stands.</returns>
    public bool Confirm(string sessionId, string deviceId, long now)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        if (!_reservations.TryGetValue(sessionId, out var reservation))
        {
            return false;
        }

        if (reservation.First.DeviceId == deviceId)
        {
            reservation.IsFirstConfirmed = true;
        }
        else if (reservation.Second.DeviceId == deviceId)
        {
            reservation.IsSecondConfirmed = true;
        }
        else
        {
            return false;
        }

        if (reservation is { IsFirstConfirmed: true, IsSecondConfirmed: true })
        {
            Close(reservation);
            _devices.Remove(reservation.First.DeviceId);
            _devices.Remove(reservation.Second.DeviceId);
            _waits.Add(reservation.First.Waited(now));
            _waits.Add(reservation.Second.Waited(now));
            _events.Confirmed(reservation.Match);
        }

        return true;
    }

    /// <summary>One of two devices has blocked the other. A match of the two that is not confirmed by both is off, and both wait again.</summary>
    /// <param name="deviceId">One.</param>
    /// <param name="otherId">The other.</param>
    /// <param name="now">Unix milliseconds.</param>
    public void AddBlock(string deviceId, string otherId, long now)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        ArgumentNullException.ThrowIfNull(otherId);
        _devices.TryGetValue(deviceId, out var entry);
        _devices.TryGetValue(otherId, out var other);
        entry?.Block(otherId);
        other?.Block(deviceId);
        if (entry?.Reservation is { } reservation && reservation == other?.Reservation)
        {
            Close(reservation);
            Return(reservation, now, entry, other);
        }
    }

    /// <summary>
    /// Does what is due: ends proposals that were not confirmed in time, relaxes the rules of those who have waited long enough, and looks for their partners.
    /// </summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="budget">At most about this many tickets are treated; positive.</param>
    /// <returns>Whether more is due.</returns>
    public bool Advance(long now, int budget = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(budget);
        while (_deadlines.TryPeek(out var reservation) && (!reservation.IsOpen || reservation.Deadline <= now))
        {
            _deadlines.Dequeue();
            if (reservation.IsOpen)
            {
                Expire(reservation, now);
                if (--budget == 0)
                {
                    return true;
                }
            }
        }

        for (var type = 0; type < Types; type++)
        {
            while (_strict[type].Min is { } entry && entry.Waited(now) > UrgentAfter(type))
            {
                Relax(entry, MatchRelaxation.Urgent, now);
                if (--budget == 0)
                {
                    return true;
                }
            }
        }

        while (_urgent.Min is { } entry && entry.Waited(now) > Milliseconds(_settings.RematchAfter))
        {
            Relax(entry, MatchRelaxation.Rematch, now);
            if (--budget == 0)
            {
                return true;
            }
        }

        while (_expiries.Min is { } entry && entry.NextExpiry <= now)
        {
            _expiries.Remove(entry);
            ExpectExpiry(entry, now);
            Seek(entry, now);
            if (--budget == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Counts the places anew and lists who waits.</summary>
    /// <param name="deviceIds">Is emptied, and takes the devices in the order of waiting.</param>
    /// <remarks>Takes time linear in the tickets. Until the next ranking, places are those of this one.</remarks>
    public void Rank(ICollection<string> deviceIds)
    {
        ArgumentNullException.ThrowIfNull(deviceIds);
        deviceIds.Clear();
        foreach (var entry in _order)
        {
            deviceIds.Add(entry.DeviceId);
            entry.Position = deviceIds.Count;
        }
    }

    /// <summary>Tells how a device's wait goes on.</summary>
    /// <param name="deviceId">Who.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="ticket">Its ticket.</param>
    /// <param name="progress">How it goes on.</param>
    /// <returns>Whether it waits.</returns>
    public bool TryDescribe(string deviceId, long now, out Ticket ticket, out MatchProgress progress)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        if (!_devices.TryGetValue(deviceId, out var entry) || !entry.IsWaiting)
        {
            ticket = null!;
            progress = default;
            return false;
        }

        ticket = entry.Ticket;
        var (next, after) = entry.Level switch
        {
            MatchRelaxation.None => (MatchRelaxation.Urgent, UrgentAfter((int)entry.Profile.QueueType)),
            MatchRelaxation.Urgent => (MatchRelaxation.Rematch, Milliseconds(_settings.RematchAfter)),
            _ => (MatchRelaxation.None, 0L),
        };
        var waited = entry.Waited(now);
        progress = new MatchProgress(
            Math.Min(entry.Position, Waiting), Waiting, next, TimeSpan.FromMilliseconds(Math.Max(0, after - waited)), _waits.Estimate(waited, Waiting));
        return true;
    }

    /// <summary>All tickets, those that have been proposed a match included, in no order.</summary>
    public IEnumerable<Ticket> Tickets => _devices.Values.Select(static entry => entry.Ticket);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private EnqueueOutcome Repeat(MatchEntry entry, Ticket ticket)
    {
        foreach (var blocked in ticket.Blocked)
        {
            entry.Block(blocked);
        }

        entry.Ticket = entry.Ticket with { TicketId = Math.Max(entry.Ticket.TicketId, ticket.TicketId) };
        if (!entry.IsWaiting)
        {
            return EnqueueOutcome.Reserved;
        }

        _events.Queued(entry.Ticket, EnqueueOutcome.Unchanged, Math.Min(entry.Position, Waiting), Waiting);
        return EnqueueOutcome.Unchanged;
    }

    private long UrgentAfter(int type) => Milliseconds(_waitingByType[type] switch
    {
        var waiting when waiting < _settings.FewWaiting => _settings.UrgentAfterWithFew,
        var waiting when waiting <= _settings.ManyWaiting => _settings.UrgentAfterWithSome,
        _ => _settings.UrgentAfterWithMany,
    });

    private void Seek(MatchEntry entry, long now)
    {
        var found = _index.Find(entry, now, now - _recentFor);
        var partner = found.Best;
        if (found.Longest is { } longest && longest != partner)
        {
            if (longest.Level > MatchRelaxation.None || longest.PassedOver >= _settings.MaxPassedOver)
            {
                partner = longest;
            }
            else
            {
                longest.PassedOver++;
            }
        }

        if ((partner ?? found.Rematch) is { } chosen)
        {
            Reserve(entry, chosen, now);
        }
    }

    private void Reserve(MatchEntry entry, MatchEntry partner, long now)
    {
        var (first, second) = entry.IsBefore(partner) ? (partner, entry) : (entry, partner);
        var match = new Match(
            _newSessionId(),
            first.Ticket,
            second.Ticket,
            MatchIndex.Score(first, second, now),
            CallsScore.CommonInterests(first.Profile.Interests, second.Profile.Interests),
            now);
        var reservation = new MatchReservation(match, first, second, now + Milliseconds(_settings.ConfirmWithin));
        StopWaiting(first);
        StopWaiting(second);
        first.Reservation = second.Reservation = reservation;
        _reservations.Add(match.SessionId, reservation);
        _deadlines.Enqueue(reservation);
        _events.Proposed(match);
    }

    private void Leave(MatchEntry entry, long now)
    {
        _devices.Remove(entry.DeviceId);
        if (entry.Reservation is { } reservation)
        {
            Close(reservation);
            Return(reservation, now, entry == reservation.First ? reservation.Second : reservation.First);
        }
        else
        {
            StopWaiting(entry);
        }
    }

    private void Expire(MatchReservation reservation, long now)
    {
        Close(reservation);
        foreach (var entry in new[] { reservation.First, reservation.Second })
        {
            if (!reservation.HasConfirmed(entry))
            {
                _devices.Remove(entry.DeviceId);
                _events.Dropped(entry.Ticket, reservation.Match);
            }
        }

        foreach (var entry in new[] { reservation.First, reservation.Second })
        {
            if (reservation.HasConfirmed(entry))
            {
                Return(reservation, now, entry);
            }
        }
    }

    private void Close(MatchReservation reservation)
    {
        reservation.IsOpen = false;
        reservation.First.Reservation = reservation.Second.Reservation = null;
        _reservations.Remove(reservation.Match.SessionId);
    }

    private void Return(MatchReservation reservation, long now, params ReadOnlySpan<MatchEntry> entries)
    {
        foreach (var entry in entries)
        {
            Wait(entry, now);
            _events.Returned(entry.Ticket, reservation.Match);
        }

        foreach (var entry in entries)
        {
            if (entry.IsWaiting)
            {
                Seek(entry, now);
            }
        }
    }

    private void Relax(MatchEntry entry, MatchRelaxation level, long now)
    {
        _index.Remove(entry);
        AwaitingRelaxation(entry)?.Remove(entry);
        entry.Class = entry.Class with { Level = level };
        AwaitingRelaxation(entry)?.Add(entry);
        _index.Add(entry);
        Seek(entry, now);
    }

    private SortedSet<MatchEntry>? AwaitingRelaxation(MatchEntry entry) => entry.Level switch
    {
        MatchRelaxation.None => _strict[(int)entry.Profile.QueueType],
        MatchRelaxation.Urgent => _urgent,
        _ => null,
    };

    private void Wait(MatchEntry entry, long now)
    {
        entry.IsWaiting = true;
        _order.Add(entry);
        _index.Add(entry);
        AwaitingRelaxation(entry)?.Add(entry);
        _waitingByType[(int)entry.Profile.QueueType]++;
        entry.Position = PlaceOf(entry);
        ExpectExpiry(entry, now);
    }

    private void StopWaiting(MatchEntry entry)
    {
        entry.IsWaiting = false;
        _order.Remove(entry);
        _index.Remove(entry);
        AwaitingRelaxation(entry)?.Remove(entry);
        _waitingByType[(int)entry.Profile.QueueType]--;
        _expiries.Remove(entry);
    }

    // Whoever comes is nearly always the last.
    private int PlaceOf(MatchEntry entry) => _order.Max == entry ? _order.Count : _order.TakeWhile(other => other != entry).Count() + 1;

    private void ExpectExpiry(MatchEntry entry, long now)
    {
        entry.FindNextExpiry(now, _recentFor);
        if (entry.NextExpiry < long.MaxValue)
        {
            _expiries.Add(entry);
        }
    }
}
