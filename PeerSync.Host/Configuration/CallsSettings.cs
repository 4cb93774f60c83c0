namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.calls</c>: the Calls feature.</summary>
internal sealed record CallsSettings
{
    /// <summary>What tokens are signed with and pseudonyms sealed; empty to make one outside production.</summary>
    public required Secret JwtSecret { get; init; }

    /// <summary>How long a token is valid, as its clients are told.</summary>
    public required string TokenLifetime { get; init; }

    /// <summary>Under which names devices see each other.</summary>
    public required PeerIdForm PeerIds { get; init; }

    /// <summary>Devices that are moderators, beside those that the operator's command has appointed.</summary>
    public required IReadOnlyList<string> Moderators { get; init; }

    /// <summary>What a moderator presents beside the device's token; empty leaves the tokens that the operator's command makes.</summary>
    public required Secret ModeratorKey { get; init; }

    /// <summary>How long an accepted report bans; null for ever.</summary>
    public required TimeSpan? BanDuration { get; init; }

    /// <summary>How long a report belongs to the moderator who has taken it.</summary>
    public required TimeSpan ReportLease { get; init; }

    /// <summary>How long reports are kept, from their submission or decision.</summary>
    public required TimeSpan ReportRetention { get; init; }

    /// <summary>How long the chat lines of a report are kept.</summary>
    public required TimeSpan EvidenceRetention { get; init; }

    /// <summary>How long devices are kept that nobody saw.</summary>
    public required TimeSpan DeviceRetention { get; init; }

    public required CallsStrikeSettings Strikes { get; init; }

    /// <summary>How long a call is kept whose member has lost its socket.</summary>
    public required TimeSpan ResumeGrace { get; init; }

    /// <summary>How often a device may join the queue.</summary>
    public required CallsWindowSettings Joins { get; init; }

    /// <summary>Events of one socket.</summary>
    public required TokenBucketSettings Events { get; init; }

    /// <summary>A device that more than this many others have reported may not queue until somebody has decided; 0 for no limit.</summary>
    public required int MaxPendingReporters { get; init; }

    public required CallsMatchingSettings Matching { get; init; }

    /// <summary>Requests for one route from one client address, or with a token from one device; all three hold.</summary>
    public required IReadOnlyList<CallsWindowSettings> RestLimits { get; init; }
}

/// <summary>What withheld messages lead to.</summary>
/// <param name="Memory">How long one counts.</param>
/// <param name="Restriction">How long the second one keeps its sender from writing.</param>
/// <param name="Ban">How long the third and each further one does.</param>
internal sealed record CallsStrikeSettings(TimeSpan Memory, TimeSpan Restriction, TimeSpan Ban);

/// <summary>How matches are made.</summary>
/// <param name="UrgentAfterWithFew">After this wait a device is urgent while fewer than ten wait for the same.</param>
/// <param name="UrgentAfterWithSome">The same while no more than fifty wait.</param>
/// <param name="UrgentAfterWithMany">The same while more wait.</param>
/// <param name="RecentFor">How long two that were matched do not meet again.</param>
/// <param name="RematchAfter">After this wait of both, and when nobody else is there, they do all the same.</param>
/// <param name="MaxPassedOver">How often who has waited longest may be passed over for somebody who fits better.</param>
internal sealed record CallsMatchingSettings(
    TimeSpan UrgentAfterWithFew,
    TimeSpan UrgentAfterWithSome,
    TimeSpan UrgentAfterWithMany,
    TimeSpan RecentFor,
    TimeSpan RematchAfter,
    int MaxPassedOver);

/// <summary>A window in which requests are counted.</summary>
/// <param name="Name">As clients know it.</param>
/// <param name="Window">How long it is.</param>
/// <param name="MaxRequests">The most in it.</param>
internal sealed record CallsWindowSettings(string Name, TimeSpan Window, int MaxRequests);

/// <summary>Under which names devices see each other.</summary>
internal enum PeerIdForm
{
    /// <summary>Sealed, other for each who looks.</summary>
    Pseudonym,

    /// <summary>The device id itself, as the original tells it.</summary>
    Device,
}
