namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.rooms</c>: the Rooms feature.</summary>
internal sealed record RoomsSettings
{
    /// <summary>What room tokens are signed with; empty to make one outside production.</summary>
    public required Secret AuthSecret { get; init; }

    /// <summary>How long a token is valid.</summary>
    public required TimeSpan TokenLifetime { get; init; }

    /// <summary>Who may have tokens made.</summary>
    public required TokenMinting Minting { get; init; }

    /// <summary>What a product's own server presents to have tokens made for anybody.</summary>
    public required Secret ApiKey { get; init; }

    /// <summary>What callers of the maintenance and audit routes present; empty opens them outside production and closes them in it.</summary>
    public required Secret AdminKey { get; init; }

    /// <summary>Whether the forms that have no token may enter rooms.</summary>
    public required bool AllowTokenless { get; init; }

    /// <summary>The form of <c>GET /api/rooms</c>.</summary>
    public required RoomListForm ListForm { get; init; }

    public required TimeSpan RoomInactivity { get; init; }

    public required TimeSpan PeerHeartbeat { get; init; }

    public required TimeSpan CleanupInterval { get; init; }

    public required TimeSpan ResumeGrace { get; init; }

    public required TimeSpan AuthenticationTimeout { get; init; }

    /// <summary>Megabytes of heap above which the log warns.</summary>
    public required int MemoryWarning { get; init; }

    /// <summary>Megabytes of heap above which nobody new is let in.</summary>
    public required int MemoryCritical { get; init; }

    public required int MaxRooms { get; init; }

    public required int MaxMembers { get; init; }

    public required int MaxFrameSize { get; init; }

    /// <summary>Frames of one socket; above it the socket is read more slowly.</summary>
    public required TokenBucketSettings Frames { get; init; }

    /// <summary>Tokens made for one client address.</summary>
    public required TokenBucketSettings Tokens { get; init; }
}

/// <summary>Who may have room tokens made.</summary>
internal enum TokenMinting
{
    /// <summary>Everybody outside production; in it, those who prove that they may.</summary>
    Auto,

    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Whoever presents the key, and users with a token of the server's identity, for themselves.</summary>
    Proven,
}

/// <summary>The form of the list of rooms, in which the product's two servers differed.</summary>
internal enum RoomListForm
{
    /// <summary>An array for requests of browsers, which name an origin, and an object for others.</summary>
    Auto,

    /// <summary>Always an object.</summary>
    Object,

    /// <summary>Always an array.</summary>
    Array,
}
