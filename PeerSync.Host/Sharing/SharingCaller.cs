namespace PeerSync.Host.Sharing;

/// <summary>Who has presented a valid access token.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The login.</param>
/// <param name="ExpiresAt">When the token ends.</param>
internal sealed record SharingCaller(string UserId, string SessionId, DateTimeOffset ExpiresAt);
