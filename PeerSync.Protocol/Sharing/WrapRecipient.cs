namespace PeerSync.Protocol.Sharing;

/// <summary>For whom a wrapped key is.</summary>
/// <param name="UserId">The user, as the sender wrote it.</param>
/// <param name="DeviceId">The user's device, at most <see cref="ShareReader.MaxDeviceIdLength"/> characters.</param>
public readonly record struct WrapRecipient(string UserId, string DeviceId);
