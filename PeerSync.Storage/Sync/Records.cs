namespace PeerSync.Storage.Sync;

/// <summary>A device as stored.</summary>
/// <param name="DeviceId">Chosen by the client.</param>
/// <param name="UserId">Whose devices it belongs to: pairing over the socket moves it. 64 lower-case hexadecimal digits.</param>
/// <param name="OwnKey">The identity that first registered it, which may log in with it whosever it is. 64 lower-case hexadecimal digits.</param>
/// <param name="Name">Unique among the user's devices, or null.</param>
/// <param name="Type"><c>mobile</c>, <c>desktop</c>, <c>web</c> or null.</param>
/// <param name="RegisteredAt">When it first logged in, in UTC, with microseconds.</param>
/// <param name="LastSeen">When it was last seen, in UTC, with microseconds.</param>
/// <param name="Cursor">The sequence number in the user's stream up to which the device has confirmed; 0 for nothing.</param>
public sealed record SyncDevice(
    Guid DeviceId,
    string UserId,
    string OwnKey,
    string? Name,
    string? Type,
    DateTimeOffset RegisteredAt,
    DateTimeOffset LastSeen,
    long Cursor)
{
    /// <summary>The most UTF-16 units that a name may have.</summary>
    public const int MaxNameLength = 50;
}

/// <summary>How a login ended.</summary>
public enum SyncLoginStatus
{
    /// <summary>The device may go on.</summary>
    Accepted,

    /// <summary>The device is on the revoked list.</summary>
    Revoked,

    /// <summary>The device belongs to another user, and another identity registered it.</summary>
    Foreign,
}

/// <summary>The outcome of a login.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Device">The device as it is stored after the login; null unless accepted.</param>
public sealed record SyncLogin(SyncLoginStatus Status, SyncDevice? Device);

/// <summary>How a change of a name ended.</summary>
public enum SyncRenameStatus
{
    /// <summary>The device has the name.</summary>
    Renamed,

    /// <summary>There is no such device.</summary>
    NotFound,

    /// <summary>The device belongs to another user.</summary>
    Foreign,

    /// <summary>Another device of the user has that name.</summary>
    NameTaken,
}

/// <summary>How a removal ended.</summary>
public enum SyncRemoveStatus
{
    /// <summary>The device's row is gone, and it is on the revoked list.</summary>
    Removed,

    /// <summary>There is no such device.</summary>
    NotFound,

    /// <summary>The device belongs to another user.</summary>
    Foreign,
}

/// <summary>An entry of the revoked list.</summary>
/// <param name="DeviceId">The device that may not log in.</param>
/// <param name="UserId">Under whom it is listed.</param>
/// <param name="RevokedAt">Since when, in UTC, with microseconds.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="RevokedBy">Who did it, or null.</param>
public sealed record SyncRevocation(Guid DeviceId, string UserId, DateTimeOffset RevokedAt, string? Reason, string? RevokedBy)
{
    /// <summary>The most entries that one listing gives.</summary>
    public const int MaxListed = 1_000;
}

/// <summary>What a client may set; null leaves out.</summary>
/// <param name="Theme"><c>light</c>, <c>dark</c>, <c>auto</c> or null.</param>
/// <param name="Notifications">Whether notifications are wanted, or null.</param>
/// <param name="AutoSync">Whether devices sync by themselves, or null.</param>
public sealed record SyncPreferences(string? Theme, bool? Notifications, bool? AutoSync);

/// <summary>A user's profile as stored.</summary>
/// <param name="UserId">64 lower-case hexadecimal digits.</param>
/// <param name="DisplayName">The name, or null.</param>
/// <param name="Email">The address, or null.</param>
/// <param name="AvatarUrl">The picture's address, or null.</param>
/// <param name="Preferences">What was set.</param>
/// <param name="OnboardingCompleted">Whether the user has seen the introduction.</param>
/// <param name="CreatedAt">When the profile was made, in UTC, with microseconds.</param>
/// <param name="UpdatedAt">When it was last changed, in UTC, with microseconds.</param>
/// <param name="LastSeen">When a device of the user last logged in, in UTC, with microseconds.</param>
public sealed record SyncProfile(
    string UserId,
    string? DisplayName,
    string? Email,
    string? AvatarUrl,
    SyncPreferences Preferences,
    bool OnboardingCompleted,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset LastSeen);

/// <summary>A change of a profile.</summary>
/// <param name="DisplayName">The new name, 1 to 100 units; null keeps the old one.</param>
/// <param name="ChangesEmail">Whether <paramref name="Email"/> is a new value, which may be none.</param>
/// <param name="Email">The new address, or null for none.</param>
/// <param name="Preferences">The new preferences in place of all old ones; null keeps them.</param>
public sealed record SyncProfileUpdate(string? DisplayName, bool ChangesEmail, string? Email, SyncPreferences? Preferences);

/// <summary>How storing a pairing record ended.</summary>
public enum SyncPairingStoreStatus
{
    /// <summary>The record can be looked up.</summary>
    Stored,

    /// <summary>The code is in use.</summary>
    Taken,
}

/// <summary>The outcome of storing a pairing record.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="ExpiresAt">Until when it can be looked up, in UTC; without meaning when the code was taken.</param>
public sealed record SyncPairingStore(SyncPairingStoreStatus Status, DateTimeOffset ExpiresAt);

/// <summary>How an attempt to join by a code ended.</summary>
public enum SyncPairingStatus
{
    /// <summary>The device belongs to the user who showed the code.</summary>
    Completed,

    /// <summary>There is no such code.</summary>
    NotFound,

    /// <summary>The code has been taken, by this or another device.</summary>
    AlreadyUsed,

    /// <summary>The code was not taken in time.</summary>
    Expired,

    /// <summary>The user has devices with the joiner's name and with every number behind it; the code can still be used.</summary>
    NameTaken,

    /// <summary>The joining device is not registered any more; the code can still be used.</summary>
    UnknownJoiner,
}

/// <summary>The outcome of an attempt to join by a code.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Device">The joiner as it is stored now, whose <see cref="SyncDevice.UserId"/> is the user who showed the code; null unless completed.</param>
public sealed record SyncPairingCompletion(SyncPairingStatus Status, SyncDevice? Device)
{
    /// <summary>The user who showed the code; null unless completed.</summary>
    public string? LinkedUserId => Device?.UserId;
}
