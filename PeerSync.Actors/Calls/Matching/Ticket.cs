using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>A device's wish to be matched.</summary>
/// <param name="TicketId">Chosen by the device, larger with each new wish; tells answers to an older one apart.</param>
/// <param name="DeviceId">Who; a pool holds one ticket of each device.</param>
/// <param name="Profile">What the score compares. Its language is the pool's.</param>
/// <param name="Gender">The device's own.</param>
/// <param name="GenderPreference">The partner's; counts only when the profile is premium.</param>
/// <param name="QueuedAt">Since when it waits, in Unix milliseconds; a changed wish keeps the time of the first.</param>
/// <param name="Blocked">Devices that it blocked or that blocked it.</param>
/// <param name="Recent">Devices that it was matched with within the hour.</param>
public sealed record Ticket(
    long TicketId,
    string DeviceId,
    CallsProfile Profile,
    CallsGender Gender,
    GenderPreference GenderPreference,
    long QueuedAt,
    IReadOnlyList<string> Blocked,
    IReadOnlyList<RecentMatch> Recent)
{
    /// <summary>Makes the ticket of a join.</summary>
    /// <param name="ticketId">See <see cref="TicketId"/>.</param>
    /// <param name="deviceId">Who.</param>
    /// <param name="join">What was asked for.</param>
    /// <param name="rating">The reputation; null when there is none yet.</param>
    /// <param name="isPremium">Whether the device has paid.</param>
    /// <param name="age">In years; null when not known.</param>
    /// <param name="queuedAt">Since when it waits, in Unix milliseconds.</param>
    /// <param name="blocked">Devices that it blocked or that blocked it.</param>
    /// <param name="recent">Devices that it was matched with within the hour.</param>
    public static Ticket Create(
        long ticketId,
        string deviceId,
        JoinRequest join,
        int? rating,
        bool isPremium,
        int? age,
        long queuedAt,
        IReadOnlyList<string> blocked,
        IReadOnlyList<RecentMatch> recent)
    {
        ArgumentNullException.ThrowIfNull(join);
        var profile = new CallsProfile(
            join.Region, join.Language, join.QueueType, join.NativeLanguage, join.LearningLanguage, join.Interests, rating, isPremium, age);
        return new Ticket(ticketId, deviceId, profile, join.Gender, join.GenderPreference, queuedAt, blocked, recent);
    }

    /// <summary>Whether two tickets ask for the same, whatever their ids and times.</summary>
    public bool AsksForTheSame(Ticket other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Gender == other.Gender && GenderPreference == other.GenderPreference
            && Profile.Interests.SequenceEqual(other.Profile.Interests, StringComparer.Ordinal)
            && Profile with { Interests = [] } == other.Profile with { Interests = [] };
    }
}

/// <summary>Somebody whom a device was matched with.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="MatchedAt">When, in Unix milliseconds.</param>
public sealed record RecentMatch(string DeviceId, long MatchedAt);
