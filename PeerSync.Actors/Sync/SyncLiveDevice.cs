namespace PeerSync.Actors.Sync;

/// <summary>A device with an authenticated socket.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="ConnectedAt">When its session began, in UTC.</param>
/// <param name="ExpiresAt">When it must log in again, in UTC.</param>
public sealed record SyncLiveDevice(Guid DeviceId, DateTimeOffset ConnectedAt, DateTimeOffset ExpiresAt);
