namespace PeerSync.Actors.Calls;

/// <summary>What an operator can set of matching; see hocon/peersync.conf.</summary>
public sealed record MatchSettings
{
    /// <summary>After this wait a device is urgent while fewer than <see cref="FewWaiting"/> wait in its queue type: it goes first and meets other queue types.</summary>
    public TimeSpan UrgentAfterWithFew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same while no more than <see cref="ManyWaiting"/> wait.</summary>
    public TimeSpan UrgentAfterWithSome { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same while more wait.</summary>
    public TimeSpan UrgentAfterWithMany { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Below this, few wait.</summary>
    public int FewWaiting { get; init; } = 10;

    /// <summary>Above this, many wait.</summary>
    public int ManyWaiting { get; init; } = 50;

    /// <summary>How long two devices that were matched do not meet again.</summary>
    public TimeSpan RecentFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After this wait of both, and when nobody else is there for either, they meet again all the same. Not before the device is urgent.</summary>
    public TimeSpan RematchAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often a device that has waited longest of all who would do may be passed over for one that fits better.</summary>
    public int MaxPassedOver { get; init; } = 3;

    /// <summary>How long a proposed match waits for both devices' confirmation.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often time alone is given a chance to open pairs.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often those who wait are told how it goes on.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a pool without anybody is kept, for what it knows of recent waits.</summary>
    public TimeSpan KeptEmptyFor { get; init; } = TimeSpan.FromMinutes(2);
}
