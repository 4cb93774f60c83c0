using PeerSync.Actors.Calls;
using PeerSync.Protocol.Calls;

namespace PeerSync.Tests.Calls.Matching;

/// <summary>The rules of matching written down as plainly as possible: every decision looks at every pair. What <see cref="MatchPool"/> does must be the same.</summary>
internal sealed class NaiveMatchPool(MatchSettings settings, IMatchPoolEvents events, Func<string> newSessionId)
{
    private readonly List<Member> _members = [];
    private readonly List<Proposal> _proposals = [];
    private long _number;

    internal IEnumerable<Member> Waiting =>
        _members.Where(static member => member.Proposal is null).OrderBy(static member => member.Ticket.QueuedAt).ThenBy(static member => member.Number);

    internal IReadOnlyList<Member> Members => _members;

    internal void Enqueue(Ticket ticket, long now)
    {
        var older = _members.Find(member => member.DeviceId == ticket.DeviceId);
        if (older is not null && older.Ticket.AsksForTheSame(ticket))
        {
            older.Blocked.UnionWith(ticket.Blocked);
            older.Ticket = older.Ticket with { TicketId = Math.Max(older.Ticket.TicketId, ticket.TicketId) };
            if (older.Proposal is null)
            {
                events.Queued(older.Ticket, EnqueueOutcome.Unchanged, 0, Waiting.Count());
            }

            return;
        }

        var queuedAt = Math.Min(Math.Min(ticket.QueuedAt, now), older?.Ticket.QueuedAt ?? long.MaxValue);
        var member = new Member(ticket with { QueuedAt = queuedAt }, ++_number) { Level = older?.Level ?? MatchRelaxation.None, PassedOver = older?.PassedOver ?? 0 };
        if (older is not null)
        {
            Leave(older, now);
        }

        _members.Add(member);
        member.NextExpiry = NextExpiry(member, now);
        var waiting = Waiting.ToList();
        events.Queued(member.Ticket, older is null ? EnqueueOutcome.Added : EnqueueOutcome.Replaced, waiting.IndexOf(member) + 1, waiting.Count);
        Seek(member, now);
    }

    internal void Withdraw(string deviceId, long ticketId, long now)
    {
        if (_members.Find(member => member.DeviceId == deviceId) is { } member && member.Ticket.TicketId <= ticketId)
        {
            Leave(member, now);
        }
    }

    internal void Confirm(string sessionId, string deviceId)
    {
        if (_proposals.Find(proposal => proposal.Match.SessionId == sessionId) is not { } proposal)
        {
            return;
        }

        if (proposal.First.DeviceId == deviceId || proposal.Second.DeviceId == deviceId)
        {
            proposal.Confirmed.Add(deviceId);
        }

        if (proposal.Confirmed.Count == 2)
        {
            End(proposal);
            _members.Remove(proposal.First);
            _members.Remove(proposal.Second);
            events.Confirmed(proposal.Match);
        }
    }

    internal void AddBlock(string deviceId, string otherId, long now)
    {
        var member = _members.Find(one => one.DeviceId == deviceId);
        var other = _members.Find(one => one.DeviceId == otherId);
        member?.Blocked.Add(otherId);
        other?.Blocked.Add(deviceId);
        if (member?.Proposal is { } proposal && proposal == other?.Proposal)
        {
            End(proposal);
            Return(proposal, now, [member, other]);
        }
    }

    internal void Advance(long now)
    {
        foreach (var proposal in _proposals.Where(proposal => proposal.Deadline <= now).ToArray())
        {
            if (!_proposals.Contains(proposal))
            {
                continue;
            }

            End(proposal);
            Member[] both = [proposal.First, proposal.Second];
            foreach (var gone in both.Where(member => !proposal.Confirmed.Contains(member.DeviceId)))
            {
                _members.Remove(gone);
                events.Dropped(gone.Ticket, proposal.Match);
            }

            Return(proposal, now, [.. both.Where(member => proposal.Confirmed.Contains(member.DeviceId))]);
        }

        foreach (var type in Enum.GetValues<QueueType>())
        {
            while (Waiting.FirstOrDefault(member => member.Level == MatchRelaxation.None && member.Ticket.Profile.QueueType == type) is { } member
                && now - member.Ticket.QueuedAt > UrgentAfter(type))
            {
                member.Level = MatchRelaxation.Urgent;
                Seek(member, now);
            }
        }

        while (Waiting.FirstOrDefault(static member => member.Level == MatchRelaxation.Urgent) is { } member
            && now - member.Ticket.QueuedAt > settings.RematchAfter.TotalMilliseconds)
        {
            member.Level = MatchRelaxation.Rematch;
            Seek(member, now);
        }

        // Pairs whose hour is over: in the order in which it ended.
        while (Waiting.Where(member => member.NextExpiry <= now).OrderBy(static member => member.NextExpiry).ThenBy(static member => member.Number)
            .FirstOrDefault() is { } member)
        {
            member.NextExpiry = NextExpiry(member, now);
            Seek(member, now);
        }
    }

    /// <summary>Whether the rules let two meet: <see langword="null"/> for only when nobody else is there.</summary>
    internal bool? MayMeet(Member one, Member other, long now)
    {
        var a = one.Ticket;
        var b = other.Ticket;
        var sameType = a.Profile.QueueType == b.Profile.QueueType;
        var crossType = a.Profile.QueueType != QueueType.Language && b.Profile.QueueType != QueueType.Language
            && (one.Level > MatchRelaxation.None || other.Level > MatchRelaxation.None);
        var regions = a.Profile.Region == b.Profile.Region || a.Profile.Region == "global" || b.Profile.Region == "global";
        if (a.DeviceId == b.DeviceId || !regions || !(sameType || crossType) || !Wants(a, b) || !Wants(b, a)
            || one.Blocked.Contains(b.DeviceId) || other.Blocked.Contains(a.DeviceId))
        {
            return false;
        }

        var since = now - (long)settings.RecentFor.TotalMilliseconds;
        var met = a.Recent.Any(recent => recent.DeviceId == b.DeviceId && recent.MatchedAt > since)
            || b.Recent.Any(recent => recent.DeviceId == a.DeviceId && recent.MatchedAt > since);
        return !met ? true : one.Level == MatchRelaxation.Rematch && other.Level == MatchRelaxation.Rematch ? null : false;
    }

    private static bool Wants(Ticket one, Ticket other) => !one.Profile.IsPremium || one.GenderPreference switch
    {
        GenderPreference.Male => other.Gender == CallsGender.Male,
        GenderPreference.Female => other.Gender == CallsGender.Female,
        _ => true,
    };

    private static int Score(Member one, Member other, long now) =>
        CallsScore.Of(one.Ticket.Profile, other.Ticket.Profile, TimeSpan.FromMilliseconds((now - one.Ticket.QueuedAt + now - other.Ticket.QueuedAt) / 2.0));

    private long NextExpiry(Member member, long now) =>
        member.Ticket.Recent.GroupBy(static recent => recent.DeviceId)
            .Select(recent => recent.Max(static one => one.MatchedAt) + (long)settings.RecentFor.TotalMilliseconds)
            .Where(expiry => expiry > now).DefaultIfEmpty(long.MaxValue).Min();

    private double UrgentAfter(QueueType type) => Waiting.Count(member => member.Ticket.Profile.QueueType == type) switch
    {
        < 10 => settings.UrgentAfterWithFew.TotalMilliseconds,
        <= 50 => settings.UrgentAfterWithSome.TotalMilliseconds,
        _ => settings.UrgentAfterWithMany.TotalMilliseconds,
    };

    private void Seek(Member seeker, long now)
    {
        var meets = Waiting.Where(other => other != seeker).Select(other => (Other: other, May: MayMeet(seeker, other, now))).ToArray();
        var partners = meets.Where(static meet => meet.May == true).Select(static meet => meet.Other).ToArray();
        var partner = partners.MaxBy(other => Score(seeker, other, now)) ?? meets.FirstOrDefault(static meet => meet.May is null).Other;
        if (partners.FirstOrDefault() is { } longest && longest != partner)
        {
            if (longest.Level > MatchRelaxation.None || longest.PassedOver == settings.MaxPassedOver)
            {
                partner = longest;
            }
            else
            {
                longest.PassedOver++;
            }
        }

        if (partner is null)
        {
            return;
        }

        Member[] pair = [.. Waiting.Where(member => member == seeker || member == partner)];
        var (first, second) = (pair[1], pair[0]);
        var match = new Match(
            newSessionId(),
            first.Ticket,
            second.Ticket,
            Score(first, second, now),
            [.. first.Ticket.Profile.Interests.Intersect(second.Ticket.Profile.Interests)],
            now);
        var proposal = new Proposal(match, first, second, now + (long)settings.ConfirmWithin.TotalMilliseconds);
        first.Proposal = second.Proposal = proposal;
        _proposals.Add(proposal);
        events.Proposed(match);
    }

    private void Leave(Member member, long now)
    {
        _members.Remove(member);
        if (member.Proposal is { } proposal)
        {
            End(proposal);
            Return(proposal, now, [proposal.First == member ? proposal.Second : proposal.First]);
        }
    }

    private void End(Proposal proposal)
    {
        _proposals.Remove(proposal);
        proposal.First.Proposal = proposal.Second.Proposal = null;
    }

    private void Return(Proposal proposal, long now, Member[] members)
    {
        foreach (var member in members)
        {
            member.NextExpiry = NextExpiry(member, now);
            events.Returned(member.Ticket, proposal.Match);
        }

        foreach (var member in members.Where(static member => member.Proposal is null))
        {
            Seek(member, now);
        }
    }

    internal sealed class Member(Ticket ticket, long number)
    {
        internal Ticket Ticket { get; set; } = ticket;

        internal long Number { get; } = number;

        internal string DeviceId => Ticket.DeviceId;

        internal HashSet<string> Blocked { get; } = [.. ticket.Blocked];

        internal MatchRelaxation Level { get; set; }

        internal int PassedOver { get; set; }

        internal long NextExpiry { get; set; } = long.MinValue;

        internal Proposal? Proposal { get; set; }
    }

    internal sealed record Proposal(Match Match, Member First, Member Second, long Deadline)
    {
        internal HashSet<string> Confirmed { get; } = [];
    }
}
