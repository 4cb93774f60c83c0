using System.Security.Cryptography;

namespace PeerSync.Protocol.Cryptography;

/// <summary>Ed25519 signatures (RFC 8032, section 5.1: the pure variant, without context or pre-hashing), computed by OpenSSL's libcrypto.</summary>
/// <remarks>
/// <para>
/// Strict: the scalar <c>S</c> must be below the group order, and the encodings of the public key and of <c>R</c> must be canonical, so that no signature
/// has a second valid form. Beyond the RFC, a public key or an <c>R</c> of small order is refused, as libsodium does: with such a key one signature fits
/// many messages. The verification equation is the one without cofactor.
/// </para>
/// <para>All members are thread-safe. For many operations with one key use <see cref="Ed25519PublicKey"/> or <see cref="Ed25519PrivateKey"/>.</para>
/// </remarks>
public static class Ed25519
{
    /// <summary>The length of a private key's seed in bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>The length of an encoded public key in bytes.</summary>
    public const int PublicKeySize = 32;

    /// <summary>The length of a signature in bytes.</summary>
    public const int SignatureSize = 64;

    private static readonly Lazy<bool> Supported = new(TrySelfTest);

    /// <summary>Whether a libcrypto with Ed25519 is installed. Without it the other methods throw <see cref="PlatformNotSupportedException"/>.</summary>
    public static bool IsSupported => Supported.Value;

    /// <summary>Makes the seed of a new private key from the system's random source.</summary>
    /// <returns><see cref="SeedSize"/> secret bytes.</returns>
    public static byte[] GenerateSeed() => RandomNumberGenerator.GetBytes(SeedSize);

    /// <summary>Derives the public key that belongs to a seed.</summary>
    /// <param name="seed"><see cref="SeedSize"/> bytes.</param>
    /// <returns><see cref="PublicKeySize"/> bytes.</returns>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public static byte[] GetPublicKey(ReadOnlySpan<byte> seed)
    {
        using var key = Ed25519PrivateKey.FromSeed(seed);
        return key.ExportPublicKey();
    }

    /// <summary>Signs a message.</summary>
    /// <param name="seed"><see cref="SeedSize"/> bytes.</param>
    /// <param name="message">The message, of any length.</param>
    /// <returns><see cref="SignatureSize"/> bytes; always the same ones for the same seed and message.</returns>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        using var key = Ed25519PrivateKey.FromSeed(seed);
        var signature = new byte[SignatureSize];
        key.Sign(message, signature);
        return signature;
    }

    /// <summary>Whether a signature is right. Keys and signatures of a wrong length or form are refused, never thrown for.</summary>
    /// <param name="publicKey">The encoded public key.</param>
    /// <param name="message">The message that was signed.</param>
    /// <param name="signature">The signature, <c>R</c> followed by <c>S</c>.</param>
    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!Ed25519PublicKey.TryImport(publicKey, out var key))
        {
            return false;
        }

        using (key)
        {
            return key.Verify(message, signature);
        }
    }

    internal static void ThrowIfNotSupported()
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("Ed25519 needs OpenSSL's libcrypto, version 3.");
        }
    }

    private static bool TrySelfTest()
    {
        try
        {
            // RFC 8032, section 7.1, test 1.
            ReadOnlySpan<byte> publicKey =
            [
                0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
            ];
            ReadOnlySpan<byte> signature =
            [
                0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a,
                0x84, 0x87, 0x7f, 0x1e, 0xb8, 0xe5, 0xd9, 0x74, 0xd8, 0x73, 0xe0, 0x65, 0x22, 0x49, 0x01, 0x55,
                0x5f, 0xb8, 0x82, 0x15, 0x90, 0xa3, 0x3b, 0xac, 0xc6, 0x1e, 0x39, 0x70, 0x1c, 0xf9, 0xb4, 0x6b,
                0xd2, 0x5b, 0xf5, 0xf0, 0x59, 0x5b, 0xbe, 0x24, 0x65, 0x51, 0x41, 0x43, 0x8e, 0x7a, 0x10, 0x0b,
            ];
            using var key = LibCrypto.NewRawPublicKey(LibCrypto.EvpPkeyEd25519, 0, publicKey, PublicKeySize);
            return !key.IsInvalid && Ed25519PublicKey.VerifyCore(key, [], signature);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }
}
