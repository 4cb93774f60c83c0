namespace PeerSync.Protocol.Sync;

/// <summary>The claims of a bearer token.</summary>
/// <param name="UserId">The user's public key in lower case.</param>
/// <param name="IssuedAt">When it was made, in seconds since 1970.</param>
/// <param name="ExpiresAt">When it expires, in seconds since 1970.</param>
/// <param name="TokenId">The token's own id (<c>jti</c>): 32 hex digits.</param>
public sealed record SyncTokenClaims(string UserId, long IssuedAt, long ExpiresAt, string TokenId);
