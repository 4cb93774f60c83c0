namespace PeerSync.Actors.Sync;

/// <summary>A device was paired to this user: it counts from the beginning again. A record in the journal.</summary>
/// <param name="DeviceId">The device.</param>
public sealed record DeviceJoined(Guid DeviceId);
