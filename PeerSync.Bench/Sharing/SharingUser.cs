namespace PeerSync.Bench.Sharing;

/// <summary>A user with a team of its own and one device.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TeamId">The team.</param>
/// <param name="Token">The access token.</param>
internal sealed record SharingUser(string Id, string TeamId, string Token);
