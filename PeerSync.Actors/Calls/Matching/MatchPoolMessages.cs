namespace PeerSync.Actors.Calls;

/// <summary>A message for one pool.</summary>
public interface IMatchPoolMessage : IEntityMessage
{
    /// <summary>The pool: the language of those who wait in it.</summary>
    string Pool { get; }
}

/// <summary>A device wants to be matched. Answered with <see cref="TicketQueued"/>, unless it has just been proposed a match. May be repeated at will.</summary>
/// <param name="Pool">The language.</param>
/// <param name="Ticket">The wish.</param>
public sealed record EnqueueTicket(string Pool, Ticket Ticket) : IMatchPoolMessage;

/// <summary>A device does not want to be matched any more. Not answered: a proposal on its way is simply not confirmed.</summary>
/// <param name="Pool">The language.</param>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish; a newer one stays.</param>
public sealed record WithdrawTicket(string Pool, string DeviceId, long TicketId) : IMatchPoolMessage;

/// <summary>
/// A device takes the match that was proposed to it. Answered with <see cref="TicketMatched"/> when the other does too, else with <see cref="MatchLost"/>.
/// </summary>
/// <param name="Pool">The language.</param>
/// <param name="SessionId">The match.</param>
/// <param name="DeviceId">Who.</param>
public sealed record ConfirmMatch(string Pool, string SessionId, string DeviceId) : IMatchPoolMessage;

/// <summary>One of two devices has blocked the other, while at least one of them waits.</summary>
/// <param name="Pool">The language.</param>
/// <param name="DeviceId">One.</param>
/// <param name="OtherId">The other.</param>
public sealed record BlockAdded(string Pool, string DeviceId, string OtherId) : IMatchPoolMessage;

/// <summary>A message for one device of the Calls feature.</summary>
public interface ICallsDeviceMessage : IEntityMessage
{
    /// <summary>The device.</summary>
    string DeviceId { get; }
}

/// <summary>A device's ticket waits.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish.</param>
/// <param name="Outcome">Whether it is new, changed, or the same again.</param>
/// <param name="QueuedAt">Since when it counts as waiting, in Unix milliseconds.</param>
/// <param name="Position">From 1, in the order of waiting.</param>
/// <param name="PoolSize">How many wait, this one included.</param>
public sealed record TicketQueued(string DeviceId, long TicketId, EnqueueOutcome Outcome, long QueuedAt, int Position, int PoolSize) : ICallsDeviceMessage;

/// <summary>How a device's wait goes on; comes every <see cref="MatchSettings.ProgressInterval"/>. When it stays away, the pool has been lost: enqueue again.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish.</param>
/// <param name="Progress">How.</param>
public sealed record TicketProgress(string DeviceId, long TicketId, MatchProgress Progress) : ICallsDeviceMessage;

/// <summary>A partner was found. To be confirmed at once if the device still wants one: with <see cref="ConfirmMatch"/>.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="Pool">The language.</param>
/// <param name="TicketId">The wish.</param>
/// <param name="SessionId">The match.</param>
public sealed record MatchProposed(string DeviceId, string Pool, long TicketId, string SessionId) : ICallsDeviceMessage;

/// <summary>Both devices have confirmed: the match stands, and their tickets are gone.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish.</param>
/// <param name="SessionId">A UUID of version 4, the same for both.</param>
/// <param name="PeerId">The other device.</param>
/// <param name="IsFirst">Whether this is the later joiner, who opens the call.</param>
/// <param name="Region">Of the later joiner.</param>
/// <param name="Language">Of both.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="CommonInterests">Those of both, in the later joiner's order.</param>
/// <param name="MatchedAt">When they were matched, in Unix milliseconds; the same for both.</param>
/// <param name="Waited">How long this device had waited then.</param>
public sealed record TicketMatched(
    string DeviceId,
    long TicketId,
    string SessionId,
    string PeerId,
    bool IsFirst,
    string Region,
    string Language,
    int Score,
    IReadOnlyList<string> CommonInterests,
    long MatchedAt,
    TimeSpan Waited) : ICallsDeviceMessage;

/// <summary>The other side of a proposed match is gone: the device waits on, at its old place.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish.</param>
/// <param name="SessionId">The match.</param>
public sealed record MatchLost(string DeviceId, long TicketId, string SessionId) : ICallsDeviceMessage;

/// <summary>The device's ticket is gone without its doing: it did not confirm in time, or the pool was lost. Enqueue again if it is still wanted.</summary>
/// <param name="DeviceId">Who.</param>
/// <param name="TicketId">The wish.</param>
public sealed record TicketDropped(string DeviceId, long TicketId) : ICallsDeviceMessage;
