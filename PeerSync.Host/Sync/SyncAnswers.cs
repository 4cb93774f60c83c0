using System.Globalization;
using System.Text.Json.Serialization;
using PeerSync.Storage.Sync;

namespace PeerSync.Host.Sync;

/// <summary>An error. What is null is left out.</summary>
internal sealed record SyncError(string Error, string? Code = null, string? Message = null, string? Path = null, int? StatusCode = null);

/// <summary>The refusal of another version of the interface.</summary>
internal sealed record UnsupportedVersionAnswer(string Error, IReadOnlyList<string> SupportedVersions, string RequestedVersion);

/// <summary>A device as its user sees it.</summary>
internal sealed record DeviceInfo(string DeviceId, string? DeviceName, string? DeviceType, bool IsOnline, long LastSeen, long RegisteredAt)
{
    public static DeviceInfo From(SyncDevice device, bool isOnline) => new(
        device.DeviceId.ToString("D"),
        device.Name,
        device.Type,
        isOnline,
        device.LastSeen.ToUnixTimeMilliseconds(),
        device.RegisteredAt.ToUnixTimeMilliseconds());
}

/// <summary>A user's devices.</summary>
internal sealed record DeviceList(IReadOnlyList<DeviceInfo> Devices, int Count, bool IsEmpty, string UserId, string? Message);

/// <summary>The answer where a device is not the caller's, or nobody's.</summary>
internal sealed record MissingDevice(string Error, bool IsEmpty, string Message);

/// <summary>The answer to a new name.</summary>
internal sealed record RenamedAnswer(bool Success, string DeviceId, string DeviceName);

/// <summary>The answer to what has no result.</summary>
internal sealed record DoneAnswer(bool Success, string? Message);

/// <summary>A device as presence shows it: without a name it says so.</summary>
internal sealed record PresentDevice(
    string DeviceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? DeviceName,
    bool IsOnline,
    long LastSeen);

/// <summary>Who of the user's devices is there.</summary>
internal sealed record PresenceList(
    string UserId,
    IReadOnlyList<PresentDevice> Devices,
    int OnlineCount,
    int TotalCount,
    bool IsEmpty,
    string? Message);

/// <summary>The state of a connected device.</summary>
internal sealed record ConnectedAnswer(
    bool Connected,
    string DeviceId,
    string UserId,
    long LastSeen,
    long SessionAge,
    long ExpiresAt,
    long ExpiresIn,
    string Status);

/// <summary>The state of what is not connected.</summary>
internal sealed record DisconnectedAnswer(
    bool Connected,
    string? DeviceId,
    string? UserId,
    string Status,
    string Message,
    [property: JsonPropertyName("is_empty")] bool IsEmpty);

/// <summary>An event about a file. Its number is a text, as the originals' database driver made it.</summary>
internal sealed record FileEvent(
    string EventId,
    string DeviceId,
    string StreamId,
    string StreamSeq,
    string Type,
    string EncryptedPayload,
    long PayloadSize,
    string CreatedAt);

/// <summary>A page of events about files.</summary>
internal sealed record FileEventList(IReadOnlyList<FileEvent> Events, PageInfo Pagination);

/// <summary>Where a page stands.</summary>
internal sealed record PageInfo(int Limit, int Offset, long Total, [property: JsonPropertyName("hasMore")] bool HasMore);

/// <summary>A new token.</summary>
internal sealed record TokenAnswer(string Token, string ExpiresAt, long ExpiresIn);

/// <summary>What a token says.</summary>
internal sealed record TokenCheckAnswer(bool Valid, TokenContent? Payload, string? Error);

/// <summary>The claims of a token that clients may read.</summary>
internal sealed record TokenContent([property: JsonPropertyName("user_id")] string UserId, long Iat, long Exp);

/// <summary>The answer to the end of an account.</summary>
internal sealed record DeletedUserAnswer(bool Success, string Message, DeletedCounts Deleted);

/// <summary>What went with an account.</summary>
internal sealed record DeletedCounts(int Devices, long Events);

/// <summary>What a user prefers.</summary>
internal sealed record PreferencesInfo(string? Theme, bool? Notifications, [property: JsonPropertyName("autoSync")] bool? AutoSync);

/// <summary>A profile: what is not set is null, never missing.</summary>
internal sealed record ProfileInfo(
    string UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Email,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AvatarUrl,
    PreferencesInfo Preferences,
    bool OnboardingCompleted,
    string CreatedAt,
    string UpdatedAt,
    string LastSeen)
{
    public static ProfileInfo From(SyncProfile profile) => new(
        profile.UserId,
        profile.DisplayName,
        profile.Email,
        profile.AvatarUrl,
        new PreferencesInfo(profile.Preferences.Theme, profile.Preferences.Notifications, profile.Preferences.AutoSync),
        profile.OnboardingCompleted,
        IsoTime.Of(profile.CreatedAt),
        IsoTime.Of(profile.UpdatedAt),
        IsoTime.Of(profile.LastSeen));
}

/// <summary>The answer to a change of the profile.</summary>
internal sealed record UpdatedProfileAnswer(bool Success, ProfileInfo Profile);

/// <summary>The answer to a stored pairing record.</summary>
internal sealed record StoredPairingAnswer(bool Success, string Message, string ExpiresAt, long ExpiresIn, string ShareableWsUrl);

/// <summary>The answer to a code that was looked up.</summary>
internal sealed record PairingAnswer(bool Success, PairingData Data);

/// <summary>What a pairing code stands for. It holds the user's private key: it is sealed at rest, and never logged.</summary>
internal sealed record PairingData(string WsUrl, string UserId, string DeviceId, string DeviceName, string PublicKeyHex, string PrivateKeyHex);

/// <summary>Devices that may not log in.</summary>
internal sealed record RevocationList(IReadOnlyList<RevocationInfo> Revoked);

/// <summary>A device that may not log in.</summary>
internal sealed record RevocationInfo(string DeviceId, string RevokedAt, string? Reason)
{
    public static RevocationInfo From(SyncRevocation revocation) =>
        new(revocation.DeviceId.ToString("D"), IsoTime.Of(revocation.RevokedAt), revocation.Reason);
}

/// <summary>The health route that asks for the caller's name first.</summary>
internal sealed record SyncHealthAnswer(string Status, long Timestamp, string Version, string Database, string Redis);

/// <summary>Times as JavaScript writes them.</summary>
internal static class IsoTime
{
    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
