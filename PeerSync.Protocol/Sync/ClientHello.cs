namespace PeerSync.Protocol.Sync;

/// <summary>A valid <c>client_hello</c>.</summary>
/// <param name="EphemeralPublicKey">The client's ephemeral key as sent: 130 hex digits in either case.</param>
/// <param name="Point">The same in bytes: <c>04 | X | Y</c>, a point on P-256.</param>
/// <param name="NonceC">The client's nonce as sent: 64 hex digits in either case, part of both signed texts.</param>
public sealed record ClientHello(string EphemeralPublicKey, byte[] Point, string NonceC);
