namespace PeerSync.Storage.Calls;

/// <summary>What a device may do beside calling.</summary>
public enum CallsRole
{
    /// <summary>Nothing.</summary>
    User,

    /// <summary>Decides reports and bans.</summary>
    Moderator,

    /// <summary>As a moderator; kept apart because the original's clients know the word.</summary>
    Admin,
}

/// <summary>A device that is known: it queued, blocked somebody, or has a role.</summary>
/// <param name="Id">The name that its client chose, 1 to <see cref="MaxIdLength"/> characters.</param>
/// <param name="UserId">How it is named where its id is nobody's business.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Rating">0 to 100; <see cref="NewRating"/> at first.</param>
public sealed record CallsDevice(string Id, Guid UserId, CallsRole Role, int Rating)
{
    /// <summary>The longest id, in UTF-16 units.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The rating of a device that nobody knows anything about.</summary>
    public const int NewRating = 70;
}

/// <summary>What decides what a device may do.</summary>
/// <param name="Role">Its role.</param>
/// <param name="Rating">Its rating.</param>
/// <param name="Ban">The ban in force, or null.</param>
/// <param name="RestrictedUntil">Until when it may not write in calls, or null.</param>
/// <param name="PendingReporters">How many devices have reported it and wait for a decision.</param>
public sealed record CallsStanding(CallsRole Role, int Rating, CallsBan? Ban, DateTimeOffset? RestrictedUntil, int PendingReporters);

/// <summary>A block.</summary>
/// <param name="Id">Its own name.</param>
/// <param name="Blocked">Whom.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record CallsBlock(Guid Id, string Blocked, string? Reason, DateTimeOffset CreatedAt)
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>The most blocks of one device: more than people meet, and a bound for what one client can store.</summary>
    public const int MaxPerDevice = 2000;
}

/// <summary>What became of a wish to block.</summary>
public enum CallsBlockStatus
{
    /// <summary>The two do not meet any more.</summary>
    Blocked,

    /// <summary>They did not before.</summary>
    AlreadyBlocked,

    /// <summary>The blocker has <see cref="CallsBlock.MaxPerDevice"/> blocks.</summary>
    TooMany,
}

/// <summary>What became of a wish to unblock.</summary>
public enum CallsUnblockStatus
{
    /// <summary>Taken back.</summary>
    Unblocked,

    /// <summary>There is no such block.</summary>
    NotBlocked,

    /// <summary>Nobody knows the device that would be unblocked.</summary>
    BlockedUnknown,

    /// <summary>Nobody knows the device that asks.</summary>
    BlockerUnknown,
}

/// <summary>A ban.</summary>
/// <param name="DeviceId">Who is banned.</param>
/// <param name="Reason">Why.</param>
/// <param name="BannedBy">Who did it: a user id, or null for the operator.</param>
/// <param name="ReportId">The report that brought it, or null.</param>
/// <param name="BannedAt">Since when.</param>
/// <param name="ExpiresAt">Until when; null for ever.</param>
public sealed record CallsBan(string DeviceId, string Reason, string? BannedBy, Guid? ReportId, DateTimeOffset BannedAt, DateTimeOffset? ExpiresAt);

/// <summary>A report's way.</summary>
public enum CallsReportStatus
{
    /// <summary>Nobody has decided.</summary>
    Pending,

    /// <summary>The reported device was banned.</summary>
    Accepted,

    /// <summary>Nothing was wrong.</summary>
    Rejected,
}

/// <summary>A report as it comes in.</summary>
/// <param name="Reporter">Who reports.</param>
/// <param name="Reported">Whom.</param>
/// <param name="SessionId">In which call, 1 to 128 characters.</param>
/// <param name="Reason">One of the reasons that clients offer.</param>
/// <param name="Comment">At most <see cref="MaxCommentLength"/> characters, or null.</param>
/// <param name="Evidence">The last lines of the chat, at most <see cref="MaxEvidence"/>; empty where there are none.</param>
/// <param name="EvidenceKeptFor">For how long the lines are kept.</param>
public sealed record NewCallsReport(
    string Reporter, string Reported, string SessionId, string Reason, string? Comment, IReadOnlyList<CallsEvidenceLine> Evidence, TimeSpan EvidenceKeptFor)
{
    /// <summary>The longest comment, in UTF-16 units.</summary>
    public const int MaxCommentLength = 2000;

    /// <summary>The longest name of a call, in UTF-16 units.</summary>
    public const int MaxSessionIdLength = 128;

    /// <summary>The most lines of evidence.</summary>
    public const int MaxEvidence = 50;
}

/// <summary>A line of the chat of a call.</summary>
/// <param name="Sender">The device that wrote it.</param>
/// <param name="Message">What it wrote.</param>
/// <param name="SentAt">When.</param>
public sealed record CallsEvidenceLine(string Sender, string Message, DateTimeOffset SentAt);

/// <summary>What became of a report that came in.</summary>
/// <param name="ReportId">Its name.</param>
/// <param name="IsNew">False where it had been said before.</param>
public sealed record CallsSubmission(Guid ReportId, bool IsNew);

/// <summary>A report.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Reporter">The device that reported.</param>
/// <param name="Reported">The device that was reported.</param>
/// <param name="SessionId">In which call.</param>
/// <param name="Reason">Why.</param>
/// <param name="Comment">What the reporter said, or null.</param>
/// <param name="SubmittedAt">When.</param>
/// <param name="Status">What became of it.</param>
/// <param name="ModeratorId">The user id of who decided, or null.</param>
/// <param name="ModeratedAt">When, or null.</param>
public sealed record CallsReport(
    Guid Id,
    string Reporter,
    string Reported,
    string SessionId,
    string Reason,
    string? Comment,
    DateTimeOffset SubmittedAt,
    CallsReportStatus Status,
    string? ModeratorId,
    DateTimeOffset? ModeratedAt)
{
    /// <summary>The last lines of the chat while they are kept, oldest first; empty where they were not asked for.</summary>
    public IReadOnlyList<CallsEvidenceLine> Evidence { get; init; } = [];
}

/// <summary>What came of a decision.</summary>
/// <param name="Report">The report as it is now.</param>
/// <param name="HasChanged">False where it had been decided so before.</param>
/// <param name="Ban">The ban that this decision brought, or null.</param>
public sealed record CallsDecision(CallsReport Report, bool HasChanged, CallsBan? Ban);

/// <summary>Numbers of reports since the first day, but for those that are pending.</summary>
/// <param name="Total">Submitted.</param>
/// <param name="Pending">Undecided.</param>
/// <param name="Accepted">Accepted.</param>
/// <param name="Rejected">Rejected.</param>
/// <param name="ByReason">Submitted, by reason; reasons that nobody gave are missing.</param>
public sealed record CallsReportStats(long Total, long Pending, long Accepted, long Rejected, IReadOnlyDictionary<string, long> ByReason);

/// <summary>What strikes lead to.</summary>
/// <param name="Memory">For how long a strike counts.</param>
/// <param name="Restriction">What the second strike brings.</param>
/// <param name="Ban">What the third and each further one brings.</param>
public sealed record CallsStrikeRules(TimeSpan Memory, TimeSpan Restriction, TimeSpan Ban);

/// <summary>What a strike led to.</summary>
/// <param name="Count">Which one it is, among those that still count.</param>
/// <param name="RestrictedUntil">Until when the device may not write in calls; null where it was warned only.</param>
public sealed record CallsStrike(int Count, DateTimeOffset? RestrictedUntil);

/// <summary>How long things are kept.</summary>
/// <param name="Reports">Reports, from their submission or decision.</param>
/// <param name="Devices">Devices that nobody saw, that have no role and have blocked nobody, with their rating.</param>
public sealed record CallsRetention(TimeSpan Reports, TimeSpan Devices);
