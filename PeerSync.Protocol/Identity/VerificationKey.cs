using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

/// <summary>A key that verifies tokens with exactly one algorithm.</summary>
/// <remarks>
/// Thread-safe. What it holds of the system's memory is freed with it by the garbage collector, as old keys may be in use when a set is replaced.
/// </remarks>
public abstract class VerificationKey
{
    /// <summary>The shortest RSA modulus in bits (RFC 7518, section 3.3).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>The longest RSA modulus in bits; verifying with a longer one takes too much of a core.</summary>
    public const int MaxRsaBits = 8192;

    /// <summary>The shortest HS256 secret in bytes (RFC 7518, section 3.2).</summary>
    public const int MinSecretLength = 32;

    private protected VerificationKey(SignatureAlgorithm algorithm) => Algorithm = algorithm;

    /// <summary>The one algorithm of this key.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Makes an HS256 key.</summary>
    /// <param name="secret">At least <see cref="MinSecretLength"/> bytes; copied.</param>
    /// <exception cref="CryptographicException">The secret is too short.</exception>
    public static VerificationKey Hs256(ReadOnlySpan<byte> secret) => new HmacVerificationKey(secret);

    /// <summary>Makes an RS256 key.</summary>
    /// <param name="parameters">The modulus and the exponent, big-endian; private members are ignored.</param>
    /// <exception cref="CryptographicException">The modulus or the exponent is out of range.</exception>
    public static VerificationKey Rs256(RSAParameters parameters) => new RsaVerificationKey(parameters);

    /// <summary>Makes an ES256 key.</summary>
    /// <param name="point">The public point on P-256.</param>
    /// <exception cref="CryptographicException">The coordinates have not 32 bytes each, or the point is not on the curve.</exception>
    public static VerificationKey Es256(ECPoint point) => new EcdsaVerificationKey(point);

    /// <summary>Makes an EdDSA key on Ed25519.</summary>
    /// <param name="publicKey">The encoded public key, 32 bytes.</param>
    /// <exception cref="CryptographicException">The key's form is wrong or its order small.</exception>
    /// <exception cref="PlatformNotSupportedException">See <see cref="Cryptography.Ed25519.IsSupported"/>.</exception>
    public static VerificationKey EdDsa(ReadOnlySpan<byte> publicKey) => new EdDsaVerificationKey(publicKey);

    /// <summary>Whether a signature is right. One of a wrong length or form is not; nothing is thrown for it.</summary>
    /// <param name="signingInput">What was signed.</param>
    /// <param name="signature">The signature in the form that RFC 7518 or RFC 8037 give it.</param>
    public abstract bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature);
}
