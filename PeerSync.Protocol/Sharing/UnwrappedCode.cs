namespace PeerSync.Protocol.Sharing;

/// <summary>A share that some devices have no wrapped key for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TeamId">The team it is shared with; null for a direct message.</param>
/// <param name="Devices">The devices.</param>
public sealed record UnwrappedCode(string Id, string? TeamId, IReadOnlyList<UnwrappedDevice> Devices);
