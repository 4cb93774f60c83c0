using System.Security.Cryptography;
using PeerSync.Protocol.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class EdDsaVerificationKey : VerificationKey
{
    private readonly Ed25519PublicKey _key;

    public EdDsaVerificationKey(ReadOnlySpan<byte> publicKey)
        : base(SignatureAlgorithm.EdDsa)
    {
        if (!Ed25519PublicKey.TryImport(publicKey, out var key))
        {
            throw new CryptographicException("The bytes are not an acceptable Ed25519 public key.");
        }

        _key = key;
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature) => _key.Verify(signingInput, signature);
}
