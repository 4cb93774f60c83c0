using System.Security.Cryptography;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Protocol.Sync;

/// <summary>The server's long-term Ed25519 key, which signs handshakes and tokens.</summary>
/// <remarks>Immutable and thread-safe. What it holds of the system's memory is freed with it by the garbage collector.</remarks>
public sealed class SyncServerIdentity
{
    private const string PemLabel = "PRIVATE KEY";

    private readonly Ed25519PrivateKey _key;
    private readonly Ed25519PublicKey _publicKey;
    private readonly byte[] _continuationKey;
    private readonly byte[] _derivationKey;

    private SyncServerIdentity(ReadOnlySpan<byte> seed)
    {
        _key = Ed25519PrivateKey.FromSeed(seed);
        var publicKey = _key.ExportPublicKey();
        PublicKeyHex = Convert.ToHexStringLower(publicKey);
        if (!Ed25519PublicKey.TryImport(publicKey, out var imported))
        {
            throw new SyncServerIdentityException("The server's private key leads to an unusable public key.");
        }

        _publicKey = imported;

        // A key of its own, so that nothing that the server signs can pass for a continuation token or the other way round.
        _derivationKey = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, seed, "peersync_sync_derived_secrets_v1"u8, _derivationKey);
        _continuationKey = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, _continuationKey, default, "peersync_sync_continuation_token_v1"u8);
    }

    /// <summary>The public key: 64 hex digits in lower case.</summary>
    public string PublicKeyHex { get; }

    internal ReadOnlySpan<byte> ContinuationKey => _continuationKey;

    /// <summary>Makes a new identity, which lasts as long as the process.</summary>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Ed25519.IsSupported"/>.</exception>
    public static SyncServerIdentity Generate() => new(Ed25519.GenerateSeed());

    /// <summary>Makes an identity from a seed.</summary>
    /// <param name="seed">32 secret bytes.</param>
    /// <exception cref="SyncServerIdentityException">The seed has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Ed25519.IsSupported"/>.</exception>
    public static SyncServerIdentity FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedSize)
        {
            throw new SyncServerIdentityException($"The server's private key must have {Ed25519.SeedSize} bytes.");
        }

        return new SyncServerIdentity(seed);
    }

    /// <summary>Reads an identity from configuration.</summary>
    /// <param name="privateKey">
    /// 64 hex digits (the seed), or a PKCS#8 PEM (RFC 8410) whose line ends are real or written <c>\n</c>. White space around it is ignored.
    /// </param>
    /// <param name="publicKeyHex">The public key that must belong to it, 64 hex digits in either case; null or empty when it is not to be checked.</param>
    /// <exception cref="SyncServerIdentityException">A key is malformed, or the two do not belong together.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Ed25519.IsSupported"/>.</exception>
    public static SyncServerIdentity Parse(string privateKey, string? publicKeyHex = null)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        var text = privateKey.Trim();
        var seed = text.StartsWith("-----", StringComparison.Ordinal) ? ReadPem(text) : SyncText.DecodeHex(text, Ed25519.SeedSize);
        if (seed.Length == 0)
        {
            throw new SyncServerIdentityException("The server's private key must be 64 hex digits or a PKCS#8 PEM of an Ed25519 key.");
        }

        var identity = new SyncServerIdentity(seed);
        CryptographicOperations.ZeroMemory(seed);
        var expected = publicKeyHex?.Trim() ?? string.Empty;
        if (expected.Length == 0 || string.Equals(expected, identity.PublicKeyHex, StringComparison.OrdinalIgnoreCase))
        {
            return identity;
        }

        throw new SyncServerIdentityException(SyncText.IsHex(expected, 2 * Ed25519.PublicKeySize)
            ? $"The server's public key does not belong to its private key, whose public key is {identity.PublicKeyHex}."
            : "The server's public key must be 64 hex digits.");
    }

    /// <summary>Makes a secret that only a server with this identity can make, for what it seals or looks up by a keyed hash.</summary>
    /// <param name="purpose">What for; another purpose leads to an independent secret.</param>
    /// <returns>32 bytes, the same for the same identity and purpose.</returns>
    public byte[] DeriveSecret(ReadOnlySpan<byte> purpose)
    {
        var secret = new byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, _derivationKey, secret, purpose);
        return secret;
    }

    /// <summary>Signs a message.</summary>
    /// <param name="message">The message, of any length.</param>
    /// <param name="signature">At least <see cref="Ed25519.SignatureSize"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => _key.Sign(message, signature);

    /// <summary>Whether this identity signed a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature, of any length.</param>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => _publicKey.Verify(message, signature);

    // RFC 8410, section 7: the one DER form of a version 1 key without attributes, 16 bytes before the seed.
    private static byte[] ReadPem(string text)
    {
        ReadOnlySpan<byte> prefix = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        var lines = text.Replace("\\r", string.Empty, StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        if (!PemEncoding.TryFind(lines, out var fields) || !lines.AsSpan()[fields.Label].SequenceEqual(PemLabel))
        {
            return [];
        }

        Span<byte> der = stackalloc byte[prefix.Length + Ed25519.SeedSize];
        return fields.DecodedDataLength == der.Length
            && Convert.TryFromBase64Chars(lines.AsSpan()[fields.Base64Data], der, out var length) && length == der.Length
            && der.StartsWith(prefix)
            ? der[prefix.Length..].ToArray()
            : [];
    }
}
