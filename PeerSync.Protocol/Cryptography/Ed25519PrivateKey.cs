using System.Security.Cryptography;

namespace PeerSync.Protocol.Cryptography;

/// <summary>An Ed25519 private key, for many signatures.</summary>
/// <remarks>Thread-safe, except that it must not be disposed while in use.</remarks>
public sealed class Ed25519PrivateKey : IDisposable
{
    private readonly SafeEvpPkeyHandle _key;

    private Ed25519PrivateKey(SafeEvpPkeyHandle key) => _key = key;

    /// <summary>Imports a key from its seed (the "private key" of RFC 8032).</summary>
    /// <param name="seed"><see cref="Ed25519.SeedSize"/> bytes; copied.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Ed25519.IsSupported"/>.</exception>
    public static Ed25519PrivateKey FromSeed(ReadOnlySpan<byte> seed)
    {
        Ed25519.ThrowIfNotSupported();
        if (seed.Length != Ed25519.SeedSize)
        {
            throw new ArgumentException($"An Ed25519 seed has {Ed25519.SeedSize} bytes.", nameof(seed));
        }

        var handle = LibCrypto.NewRawPrivateKey(LibCrypto.EvpPkeyEd25519, 0, seed, Ed25519.SeedSize);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw Failed("import an Ed25519 seed");
        }

        return new Ed25519PrivateKey(handle);
    }

    /// <summary>The public key's encoding, <see cref="Ed25519.PublicKeySize"/> bytes.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] ExportPublicKey()
    {
        var publicKey = new byte[Ed25519.PublicKeySize];
        var length = (nuint)publicKey.Length;
        if (LibCrypto.GetRawPublicKey(_key, publicKey, ref length) != 1 || length != Ed25519.PublicKeySize)
        {
            throw Failed("derive an Ed25519 public key");
        }

        return publicKey;
    }

    /// <summary>Signs a message.</summary>
    /// <param name="message">The message, of any length.</param>
    /// <param name="signature">Where the signature goes, at least <see cref="Ed25519.SignatureSize"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="signature"/> is too short.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (signature.Length < Ed25519.SignatureSize)
        {
            throw new ArgumentException($"An Ed25519 signature needs {Ed25519.SignatureSize} bytes.", nameof(signature));
        }

        using var context = LibCrypto.NewDigestContext();
        var length = (nuint)Ed25519.SignatureSize;
        if (context.IsInvalid
            || LibCrypto.DigestSignInit(context, 0, 0, 0, _key) != 1
            || LibCrypto.DigestSign(context, signature, ref length, message, (nuint)message.Length) != 1
            || length != Ed25519.SignatureSize)
        {
            throw Failed("sign with Ed25519");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    private static CryptographicException Failed(string what)
    {
        LibCrypto.ClearErrors();
        return new CryptographicException($"OpenSSL could not {what}.");
    }
}
