using PeerSync.Protocol.Sync;

namespace PeerSync.Host.Sync;

/// <summary>Who calls.</summary>
/// <param name="UserId">The user's public key: 64 hexadecimal digits in lower case.</param>
/// <param name="UserIdText">The same as the client wrote it, which is what it signs.</param>
/// <param name="Token">The claims of the token; null where the caller named itself.</param>
internal sealed record SyncCaller(string UserId, string UserIdText, SyncTokenClaims? Token);
