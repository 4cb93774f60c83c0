using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Protocol.Sync;

/// <summary>What the two signatures of the handshake cover: SHA-256 of hex texts put one behind the other, each exactly as it was sent.</summary>
public static class SyncSignatureText
{
    /// <summary>The length of a digest in bytes. The digest itself is what is signed.</summary>
    public const int DigestSize = SHA256.HashSizeInBytes;

    private const int MaxStackLength = 512;

    /// <summary>Computes what the server signs in <c>server_hello</c>.</summary>
    /// <param name="identityPublicKey">The server's public key.</param>
    /// <param name="serverEphemeralPublicKey">The server's ephemeral key.</param>
    /// <param name="nonceC">The client's nonce.</param>
    /// <param name="nonceS">The server's nonce.</param>
    /// <param name="digest">At least <see cref="DigestSize"/> bytes.</param>
    public static void HashServerHello(
        string identityPublicKey, string serverEphemeralPublicKey, string nonceC, string nonceS, Span<byte> digest) =>
        Hash(digest, identityPublicKey, serverEphemeralPublicKey, nonceC, nonceS);

    /// <summary>Computes what the client signs in <c>client_auth</c>.</summary>
    /// <param name="userId">The user's public key.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="nonceC">The client's nonce.</param>
    /// <param name="nonceS">The server's nonce.</param>
    /// <param name="serverEphemeralPublicKey">The server's ephemeral key.</param>
    /// <param name="digest">At least <see cref="DigestSize"/> bytes.</param>
    public static void HashClientAuth(
        string userId, string deviceId, string nonceC, string nonceS, string serverEphemeralPublicKey, Span<byte> digest) =>
        Hash(digest, userId, deviceId, nonceC, nonceS, serverEphemeralPublicKey);

    private static void Hash(Span<byte> digest, params ReadOnlySpan<string> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += Encoding.UTF8.GetByteCount(part);
        }

        var text = length <= MaxStackLength ? stackalloc byte[MaxStackLength] : new byte[length];
        length = 0;
        foreach (var part in parts)
        {
            length += Encoding.UTF8.GetBytes(part, text[length..]);
        }

        SHA256.HashData(text[..length], digest);
    }
}
