namespace PeerSync.Host.Sync;

// Requests are read member by member; these are their forms for the OpenAPI document.

/// <summary>A device's new name.</summary>
/// <param name="DeviceName">1 to 50 characters.</param>
internal sealed record RenameRequest(string DeviceName);

/// <summary>A signed change of a profile. What is missing stays.</summary>
/// <param name="Signature">Ed25519, 128 hexadecimal digits.</param>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Email">The mail address.</param>
/// <param name="Preferences">What the user prefers.</param>
internal sealed record ProfileRequest(string Signature, long Timestamp, string? DisplayName, string? Email, PreferencesInfo? Preferences);

/// <summary>A signed confirmation.</summary>
/// <param name="Signature">Ed25519, 128 hexadecimal digits.</param>
/// <param name="Timestamp">Milliseconds since 1970.</param>
internal sealed record SignedRequest(string Signature, long Timestamp);

/// <summary>An identity under a code that the client chose.</summary>
/// <param name="Code">Six digits.</param>
/// <param name="Data">The identity.</param>
internal sealed record PairingRequest(string Code, PairingData Data);

/// <summary>The device that is not to log in any more.</summary>
internal sealed record RevocationRequest(string DeviceId, string UserId, string? Reason, string? RevokedBy);

/// <summary>The device that may log in again.</summary>
internal sealed record RestorationRequest(string DeviceId);

/// <summary>Whether a device is connected: with the times where it is, with a message where it is not.</summary>
internal sealed record ConnectionState(
    bool Connected,
    string Status,
    string? DeviceId,
    string? UserId,
    long? LastSeen,
    long? SessionAge,
    long? ExpiresAt,
    long? ExpiresIn,
    string? Message,
    [property: System.Text.Json.Serialization.JsonPropertyName("is_empty")] bool? IsEmpty);
