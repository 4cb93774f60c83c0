namespace PeerSync.Storage.Sharing;

/// <summary>A device as it is registered.</summary>
/// <param name="DeviceId">The client's own name for it, 1 to <see cref="SharingDevice.MaxIdLength"/> characters.</param>
/// <param name="EncryptionKey">The public key for wrapped keys, a JSON Web Key as JSON text.</param>
/// <param name="Fingerprint">The thumbprint of that key.</param>
/// <param name="SigningKey">The public key for signatures as JSON text, or null.</param>
/// <param name="Algorithm">What the encryption key is for, 1 to <see cref="SharingDevice.MaxAlgorithmLength"/> characters.</param>
public sealed record NewSharingDevice(string DeviceId, string EncryptionKey, string Fingerprint, string? SigningKey, string Algorithm);

/// <summary>A device as it is kept.</summary>
/// <param name="DeviceId">The client's own name for it.</param>
/// <param name="EncryptionKey">The public key for wrapped keys as JSON text.</param>
/// <param name="Fingerprint">The thumbprint of that key.</param>
/// <param name="SigningKey">The public key for signatures as JSON text, or null.</param>
/// <param name="CreatedAt">When it was first registered. No two devices of a user have the same time: the oldest is the primary one.</param>
public sealed record SharingDevice(string DeviceId, string EncryptionKey, string Fingerprint, string? SigningKey, DateTimeOffset CreatedAt)
{
    /// <summary>The longest id, in UTF-16 units.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The longest name of an algorithm, in UTF-16 units.</summary>
    public const int MaxAlgorithmLength = 64;

    /// <summary>The most devices of a user that settings can allow.</summary>
    public const int MaxPerUser = 16;
}

/// <summary>A device that shares are wrapped for.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Device">The device.</param>
public sealed record SharingRecipient(string UserId, SharingDevice Device);

/// <summary>What became of a registration.</summary>
public enum SharingRegistrationStatus
{
    /// <summary>The device is new, or has other keys than before.</summary>
    Registered,

    /// <summary>The device had these keys; nothing was written, and nobody is told.</summary>
    Unchanged,

    /// <summary>The user has as many devices as are allowed.</summary>
    TooMany,

    /// <summary>There is no such user.</summary>
    UnknownUser,
}

/// <summary>What became of a registration.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Event">What to tell; null unless <see cref="SharingRegistrationStatus.Registered"/>.</param>
public sealed record SharingRegistration(SharingRegistrationStatus Status, SharingEvent? Event = null);

/// <summary>What became of a removal.</summary>
/// <param name="IsRefused">True where the device is the primary one and was not removed.</param>
/// <param name="Event">What to tell; null where nothing was removed.</param>
public sealed record SharingRemoval(bool IsRefused, SharingEvent? Event = null);

/// <summary>A message from one of a user's windows to the next one, which the server cannot read.</summary>
/// <param name="Iv">1 to <see cref="MaxIvLength"/> characters.</param>
/// <param name="Ciphertext">1 to <see cref="MaxCiphertextLength"/> characters.</param>
public sealed record SharingPairing(string Iv, string Ciphertext)
{
    /// <summary>The longest initialisation vector, in UTF-16 units.</summary>
    public const int MaxIvLength = 256;

    /// <summary>The longest ciphertext, in UTF-16 units.</summary>
    public const int MaxCiphertextLength = 16_384;

    /// <summary>How many of a user can wait at a time.</summary>
    public const int MaxPerUser = 10;
}

/// <summary>What became of a claim.</summary>
/// <param name="Pairing">The message, or null where the caller does not get one.</param>
/// <param name="IsForbidden">True where it is there, and another user's.</param>
public sealed record SharingClaim(SharingPairing? Pairing, bool IsForbidden = false);
