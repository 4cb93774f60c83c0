namespace PeerSync.Actors.Sync;

/// <summary>The Sync feature's settings (<c>hocon/peersync.conf</c>, section <c>sync</c>).</summary>
public sealed record SyncSettings
{
    /// <summary>How long a session lasts before the client has to come back with a new handshake. 24 h by default.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long before its end a session is announced as expiring. 5 min by default; half the session where that is shorter.</summary>
    public TimeSpan ExpiryNotice { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far back events are replayed to a device that was away. 30 days by default.</summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a device that has sent before may take to ask for a replay itself, until the first page is pushed to it. 500 ms by default.</summary>
    public TimeSpan ReplayPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many bytes of events a replay page holds at most, unless its only event is larger. 4 MiB by default.</summary>
    public int ReplayPageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The most devices of one user that are connected at once. 5 by default.</summary>
    public int MaxDevices { get; init; } = 5;

    /// <summary>Events that a user may send at once; 0 for no limit. 20,000 by default, twice the backlog of the web client.</summary>
    public int EventBurst { get; init; } = 20_000;

    /// <summary>Events a minute that a user may send in the long run; above it, its sockets are read more slowly. 1,000 by default.</summary>
    public int EventsPerMinute { get; init; } = 1000;

    /// <summary>How many bytes may wait for a slow device before live events are left to the journal and read from there later. 1 MiB by default.</summary>
    public int LagBytes { get; init; } = 1024 * 1024;

    /// <summary>How many events are persisted between two snapshots of a user with few of them; with many it grows along. 1,000 by default.</summary>
    public int SnapshotInterval { get; init; } = 1000;
}
