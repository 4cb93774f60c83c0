namespace PeerSync.Protocol.Sync;

/// <summary>A well-formed <c>client_auth</c>, worth nothing until <see cref="SyncHandshake.Verify"/> says yes.</summary>
/// <param name="UserIdText">The user's public key as sent, which is how it is signed: 64 characters.</param>
/// <param name="UserId">The same in lower case, under which the user is known.</param>
/// <param name="DeviceIdText">The device as sent, which is how it is signed and sent back.</param>
/// <param name="DeviceId">The device, of version 4.</param>
/// <param name="Signature">The signature; empty when it was malformed.</param>
/// <param name="DeviceName">1 to 50 code points without control characters, or null when none was given.</param>
/// <param name="DeviceType"><c>mobile</c>, <c>desktop</c> or <c>web</c>, or null when none was given.</param>
public sealed record ClientAuth(
    string UserIdText, string UserId, string DeviceIdText, DeviceId DeviceId, byte[] Signature, string? DeviceName, string? DeviceType)
{
    /// <summary>The longest device name in Unicode code points.</summary>
    public const int MaxDeviceNameLength = 50;
}
