using System.Buffers;
using System.Security.Cryptography;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Protocol.Sync;

/// <summary>The server's side of the handshake on one socket.</summary>
/// <remarks>
/// Nothing is computed before <see cref="WriteServerHello"/>. The private part of the ephemeral key is dropped as soon as its public part is known, since
/// nothing on the wire depends on the shared secret. Used by one thread at a time.
/// </remarks>
/// <param name="identity">Signs for the server.</param>
public sealed class SyncHandshake(SyncServerIdentity identity)
{
    private const int NonceSize = 32;

    private string? _nonceC;

    /// <summary>Continues with values chosen elsewhere, as a recorded exchange has them.</summary>
    /// <param name="identity">Signs for the server.</param>
    /// <param name="serverEphemeralPublicKey">130 hex digits.</param>
    /// <param name="nonceS">64 hex digits.</param>
    public SyncHandshake(SyncServerIdentity identity, string serverEphemeralPublicKey, string nonceS)
        : this(identity)
    {
        ServerEphemeralPublicKey = serverEphemeralPublicKey;
        NonceS = nonceS;
    }

    /// <summary>The server's ephemeral key: 130 hex digits in lower case; null before the hello.</summary>
    public string? ServerEphemeralPublicKey { get; private set; }

    /// <summary>The server's nonce: 64 hex digits in lower case; null before the hello.</summary>
    public string? NonceS { get; private set; }

    /// <summary>Answers the hello of the client, once.</summary>
    /// <param name="output">Takes <c>server_hello</c>.</param>
    /// <param name="hello">What the client sent.</param>
    /// <exception cref="InvalidOperationException">There was a hello before.</exception>
    public void WriteServerHello(IBufferWriter<byte> output, ClientHello hello)
    {
        ArgumentNullException.ThrowIfNull(hello);
        if (_nonceC is not null)
        {
            throw new InvalidOperationException("A handshake has one hello.");
        }

        _nonceC = hello.NonceC;
        ServerEphemeralPublicKey ??= GenerateEphemeralKey();
        NonceS ??= RandomNumberGenerator.GetHexString(2 * NonceSize, lowercase: true);
        Span<byte> digest = stackalloc byte[SyncSignatureText.DigestSize];
        SyncSignatureText.HashServerHello(identity.PublicKeyHex, ServerEphemeralPublicKey, _nonceC, NonceS, digest);
        Span<byte> signature = stackalloc byte[Ed25519.SignatureSize];
        identity.Sign(digest, signature);
        SyncWriter.ServerHello(output, ServerEphemeralPublicKey, identity.PublicKeyHex, signature, NonceS);
    }

    /// <summary>Whether the client owns the user's key.</summary>
    /// <param name="auth">What the client sent.</param>
    /// <returns>False also when there was no hello.</returns>
    public bool Verify(ClientAuth auth)
    {
        ArgumentNullException.ThrowIfNull(auth);
        var publicKey = SyncText.DecodeHex(auth.UserIdText, Ed25519.PublicKeySize);
        if (_nonceC is null || NonceS is null || ServerEphemeralPublicKey is null || publicKey.Length == 0 || auth.Signature.Length == 0)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SyncSignatureText.DigestSize];
        SyncSignatureText.HashClientAuth(auth.UserIdText, auth.DeviceIdText, _nonceC, NonceS, ServerEphemeralPublicKey, digest);
        return Ed25519.Verify(publicKey, digest, auth.Signature);
    }

    private static string GenerateEphemeralKey()
    {
        Span<byte> point = stackalloc byte[SyncKeyAgreement.PointSize];
        using var key = SyncKeyAgreement.Generate();
        SyncKeyAgreement.ExportPoint(key, point);
        return Convert.ToHexStringLower(point);
    }
}
