using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class EcdsaVerificationKey : VerificationKey
{
    public const int CoordinateLength = 32;

    private readonly InstancePool<ECDsa> _pool;

    public EcdsaVerificationKey(ECPoint point)
        : base(SignatureAlgorithm.Es256)
    {
        if (point.X?.Length != CoordinateLength || point.Y?.Length != CoordinateLength)
        {
            throw new CryptographicException($"A point on P-256 has two coordinates of {CoordinateLength} bytes.");
        }

        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = [.. point.X], Y = [.. point.Y] } };
        _pool = new InstancePool<ECDsa>(() => ECDsa.Create(parameters));

        // The import checks that the point lies on the curve, so a wrong key is refused here and not when it is used.
        _pool.Return(_pool.Rent());
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * CoordinateLength)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(signingInput, hash);
        var ecdsa = _pool.Rent();
        try
        {
            return ecdsa.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _pool.Return(ecdsa);
        }
    }
}
