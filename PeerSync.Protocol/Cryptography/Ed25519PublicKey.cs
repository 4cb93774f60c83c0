using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace PeerSync.Protocol.Cryptography;

/// <summary>An imported Ed25519 public key, for many verifications. See <see cref="Ed25519"/> for how strict they are.</summary>
/// <remarks>Thread-safe, except that it must not be disposed while in use.</remarks>
public sealed class Ed25519PublicKey : IDisposable
{
    private readonly SafeEvpPkeyHandle _key;

    private Ed25519PublicKey(SafeEvpPkeyHandle key) => _key = key;

    /// <summary>Imports a key, unless its length or form is wrong or its order small.</summary>
    /// <param name="publicKey">The encoded point (RFC 8032, section 5.1.2).</param>
    /// <param name="key">The key; null where refused.</param>
    /// <returns>Whether the key was imported. A canonical encoding of no point on the curve is imported, and then verifies nothing.</returns>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Ed25519.IsSupported"/>.</exception>
    public static bool TryImport(ReadOnlySpan<byte> publicKey, [NotNullWhen(true)] out Ed25519PublicKey? key)
    {
        Ed25519.ThrowIfNotSupported();
        key = null;
        if (publicKey.Length != Ed25519.PublicKeySize || !Ed25519Encoding.IsAcceptablePoint(publicKey))
        {
            return false;
        }

        var handle = LibCrypto.NewRawPublicKey(LibCrypto.EvpPkeyEd25519, 0, publicKey, Ed25519.PublicKeySize);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            LibCrypto.ClearErrors();
            return false;
        }

        key = new Ed25519PublicKey(handle);
        return true;
    }

    /// <summary>Whether a signature is right; one of a wrong length or form is not.</summary>
    /// <param name="message">The message that was signed.</param>
    /// <param name="signature">The signature, <c>R</c> followed by <c>S</c>.</param>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == Ed25519.SignatureSize
            && Ed25519Encoding.IsCanonicalScalar(signature[32..])
            && Ed25519Encoding.IsAcceptablePoint(signature[..32])
            && VerifyCore(_key, message, signature);

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    internal static bool VerifyCore(SafeEvpPkeyHandle key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var context = LibCrypto.NewDigestContext();
        if (context.IsInvalid || LibCrypto.DigestVerifyInit(context, 0, 0, 0, key) != 1)
        {
            LibCrypto.ClearErrors();
            throw new CryptographicException("OpenSSL could not begin an Ed25519 verification.");
        }

        if (LibCrypto.DigestVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1)
        {
            return true;
        }

        LibCrypto.ClearErrors();
        return false;
    }
}
