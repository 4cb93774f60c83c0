using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class RsaSigningKey : SigningKey
{
    private readonly InstancePool<RSA> _pool;

    public RsaSigningKey(RSAParameters parameters)
        : base(VerificationKey.Rs256(parameters))
    {
        if (parameters.D is null)
        {
            throw new CryptographicException("The RSA key has no private part.");
        }

        _pool = new InstancePool<RSA>(() => RSA.Create(parameters));
        _pool.Return(_pool.Rent());
    }

    public override byte[] Sign(ReadOnlySpan<byte> signingInput)
    {
        var rsa = _pool.Rent();
        try
        {
            return rsa.SignData(signingInput, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        finally
        {
            _pool.Return(rsa);
        }
    }
}
