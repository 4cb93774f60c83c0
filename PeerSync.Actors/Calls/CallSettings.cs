using PeerSync.Storage.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>What an operator can set of the sockets and calls; see hocon/peersync.conf.</summary>
public sealed record CallSettings
{
    /// <summary>How matches are made.</summary>
    public MatchSettings Matching { get; init; } = new();

    /// <summary>How long a call is kept whose member has lost its socket; zero ends it at once.</summary>
    public TimeSpan ResumeGrace { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many packets are kept for a member that has lost its socket; more are dropped.</summary>
    public int ResumePackets { get; init; } = 64;

    /// <summary>How many joins of one device count within <see cref="JoinWindow"/>; 0 for no limit.</summary>
    public int MaxJoins { get; init; } = 10;

    /// <summary>For how long a join counts.</summary>
    public TimeSpan JoinWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after a match a client may not yet know of it, so that its joins mean nothing.</summary>
    public TimeSpan StaleJoins { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Events of one socket per second in the long run; 0 for no limit.</summary>
    public int EventsPerSecond { get; init; } = 50;

    /// <summary>Events of one socket at once.</summary>
    public int EventBurst { get; init; } = 100;

    /// <summary>A device that more than this many others have reported, and nobody has decided, may not queue; 0 for no limit.</summary>
    public int MaxPendingReporters { get; init; } = 3;

    /// <summary>What withheld messages lead to.</summary>
    public CallsStrikeRules Strikes { get; init; } = new(TimeSpan.FromDays(30), TimeSpan.FromHours(1), TimeSpan.FromHours(24));

    /// <summary>How long both members may take to enter their call.</summary>
    public TimeSpan EnterWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call that has ended is remembered: for its details and for reports.</summary>
    public TimeSpan RememberFor { get; init; } = TimeSpan.FromMinutes(10);
}
