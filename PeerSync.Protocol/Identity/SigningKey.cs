using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

/// <summary>A key that signs tokens with exactly one algorithm.</summary>
/// <remarks>Thread-safe. What it holds of the system's memory is freed with it by the garbage collector.</remarks>
public abstract class SigningKey
{
    private protected SigningKey(VerificationKey verificationKey) => VerificationKey = verificationKey;

    /// <summary>The one algorithm of this key.</summary>
    public SignatureAlgorithm Algorithm => VerificationKey.Algorithm;

    /// <summary>The key that verifies what this one signs.</summary>
    public VerificationKey VerificationKey { get; }

    /// <summary>Makes an HS256 key.</summary>
    /// <param name="secret">At least <see cref="VerificationKey.MinSecretLength"/> bytes; copied.</param>
    /// <exception cref="CryptographicException">The secret is too short.</exception>
    public static SigningKey Hs256(ReadOnlySpan<byte> secret) => new HmacSigningKey(secret);

    /// <summary>Makes an RS256 key.</summary>
    /// <param name="parameters">The whole private key.</param>
    /// <exception cref="CryptographicException">The parameters are no private key, or the modulus or the exponent is out of range.</exception>
    public static SigningKey Rs256(RSAParameters parameters) => new RsaSigningKey(parameters);

    /// <summary>Makes an ES256 key.</summary>
    /// <param name="parameters">The whole private key on P-256.</param>
    /// <exception cref="CryptographicException">The parameters are no private key on P-256.</exception>
    public static SigningKey Es256(ECParameters parameters) => new EcdsaSigningKey(parameters);

    /// <summary>Makes an EdDSA key on Ed25519.</summary>
    /// <param name="seed">The private key's seed, 32 bytes; copied.</param>
    /// <exception cref="ArgumentException">The seed has another length.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Cryptography.Ed25519.IsSupported"/>.</exception>
    public static SigningKey EdDsa(ReadOnlySpan<byte> seed) => new EdDsaSigningKey(seed);

    /// <summary>Signs.</summary>
    /// <param name="signingInput">What to sign.</param>
    /// <returns>The signature in the form that RFC 7518 or RFC 8037 give it.</returns>
    public abstract byte[] Sign(ReadOnlySpan<byte> signingInput);
}
