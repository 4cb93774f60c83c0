namespace PeerSync.Actors.Rooms;

/// <summary>What an operator can set of the Rooms feature; see hocon/peersync.conf.</summary>
public sealed record RoomsSettings
{
    /// <summary>How long a room stays that nobody uses.</summary>
    public TimeSpan RoomInactivity { get; init; } = TimeSpan.FromHours(3);

    /// <summary>How long a member without a socket stays without a sign of life.</summary>
    public TimeSpan PeerHeartbeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often rooms are swept.</summary>
    public TimeSpan CleanupInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a member of form C may be away and come back by authenticating alone.</summary>
    public TimeSpan ResumeGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether forms without a token may enter rooms.</summary>
    public bool AllowsTokenless { get; init; } = true;

    /// <summary>The most rooms at a time.</summary>
    public int MaxRooms { get; init; } = 50_000;

    /// <summary>The most members of one room.</summary>
    public int MaxMembers { get; init; } = 1_000;

    /// <summary>The most operations of a room that are kept for listing.</summary>
    public int MaxOperations { get; init; } = 100;
}
