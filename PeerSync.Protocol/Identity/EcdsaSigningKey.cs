using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class EcdsaSigningKey : SigningKey
{
    private readonly InstancePool<ECDsa> _pool;

    public EcdsaSigningKey(ECParameters parameters)
        : base(VerificationKey.Es256(parameters.Q))
    {
        if (parameters.D is null)
        {
            throw new CryptographicException("The elliptic-curve key has no private part.");
        }

        parameters.Curve = ECCurve.NamedCurves.nistP256;
        _pool = new InstancePool<ECDsa>(() => ECDsa.Create(parameters));
        _pool.Return(_pool.Rent());
    }

    public override byte[] Sign(ReadOnlySpan<byte> signingInput)
    {
        var ecdsa = _pool.Rent();
        try
        {
            return ecdsa.SignData(signingInput, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _pool.Return(ecdsa);
        }
    }
}
