using System.Numerics;
using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class RsaVerificationKey : VerificationKey
{
    private readonly InstancePool<RSA> _pool;
    private readonly int _signatureLength;

    public RsaVerificationKey(RSAParameters parameters)
        : base(SignatureAlgorithm.Rs256)
    {
        var modulus = (parameters.Modulus ?? []).AsSpan().TrimStart((byte)0);
        var exponent = (parameters.Exponent ?? []).AsSpan().TrimStart((byte)0);
        var bits = new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength();
        if (bits is < MinRsaBits or > MaxRsaBits || (modulus[^1] & 1) == 0)
        {
            throw new CryptographicException($"An RSA modulus must be odd and have {MinRsaBits} to {MaxRsaBits} bits.");
        }

        // With the exponent 1 anybody can sign; long ones only make verification slow.
        if (exponent.Length is 0 or > 4 || (exponent[^1] & 1) == 0 || exponent.SequenceEqual("\u0001"u8))
        {
            throw new CryptographicException("An RSA exponent must be odd, at least 3 and have at most 32 bits.");
        }

        var publicParameters = new RSAParameters { Modulus = modulus.ToArray(), Exponent = exponent.ToArray() };
        _signatureLength = modulus.Length;
        _pool = new InstancePool<RSA>(() => RSA.Create(publicParameters));
        _pool.Return(_pool.Rent());
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != _signatureLength)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(signingInput, hash);
        var rsa = _pool.Rent();
        try
        {
            return rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _pool.Return(rsa);
        }
    }
}
