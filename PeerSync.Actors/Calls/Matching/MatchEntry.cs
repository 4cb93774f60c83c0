using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>A ticket in a pool, with what the pool knows of it.</summary>
internal sealed class MatchEntry
{
    internal MatchEntry(Ticket ticket, long number)
    {
        Ticket = ticket;
        Number = number;
        Class = new MatchClass(
            MatchRelaxation.None,
            ticket.Profile.QueueType,
            ticket.Gender is CallsGender.Male or CallsGender.Female ? ticket.Gender : CallsGender.Unknown,
            ticket.Profile.IsPremium ? ticket.GenderPreference : GenderPreference.Any);
        Blocked = ticket.Blocked.Count > 0 ? new HashSet<string>(ticket.Blocked, StringComparer.Ordinal) : null;
        if (ticket.Recent.Count > 0)
        {
            Recent = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var recent in ticket.Recent)
            {
                Recent[recent.DeviceId] = Math.Max(recent.MatchedAt, Recent.GetValueOrDefault(recent.DeviceId, long.MinValue));
            }
        }
    }

    internal Ticket Ticket { get; set; }

    // Orders tickets that wait since the same millisecond.
    internal long Number { get; }

    internal MatchClass Class { get; set; }

    internal HashSet<string>? Blocked { get; private set; }

    internal Dictionary<string, long>? Recent { get; }

    internal int PassedOver { get; set; }

    internal MatchReservation? Reservation { get; set; }

    internal string DeviceId => Ticket.DeviceId;

    internal CallsProfile Profile => Ticket.Profile;

    internal MatchRelaxation Level => Class.Level;

    internal bool IsWaiting { get; set; }

    /// <summary>In the order of waiting, from 1; as of the last ranking.</summary>
    internal int Position { get; set; }

    /// <summary>When the next of its recent partners may be met again, in Unix milliseconds; <see cref="long.MaxValue"/> for never. Fixed while it waits.</summary>
    internal long NextExpiry { get; private set; } = long.MaxValue;

    internal long Waited(long now) => Math.Max(0, now - Ticket.QueuedAt);

    internal bool IsBefore(MatchEntry other) => Compare(this, other) < 0;

    internal void Block(string deviceId) => (Blocked ??= new HashSet<string>(StringComparer.Ordinal)).Add(deviceId);

    internal bool HasBlocked(MatchEntry other) => Blocked is not null && Blocked.Contains(other.DeviceId);

    internal bool HasMet(MatchEntry other, long since) => Recent is not null && Recent.TryGetValue(other.DeviceId, out var matchedAt) && matchedAt > since;

    internal void FindNextExpiry(long now, long recentFor)
    {
        NextExpiry = long.MaxValue;
        if (Recent is null)
        {
            return;
        }

        foreach (var matchedAt in Recent.Values)
        {
            var expiry = matchedAt + recentFor;
            if (expiry > now && expiry < NextExpiry)
            {
                NextExpiry = expiry;
            }
        }
    }

    internal static int CompareExpiry(MatchEntry first, MatchEntry second)
    {
        var order = first.NextExpiry.CompareTo(second.NextExpiry);
        return order != 0 ? order : first.Number.CompareTo(second.Number);
    }

    internal static int Compare(MatchEntry first, MatchEntry second)
    {
        var order = first.Ticket.QueuedAt.CompareTo(second.Ticket.QueuedAt);
        return order != 0 ? order : first.Number.CompareTo(second.Number);
    }
}
