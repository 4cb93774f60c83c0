using PeerSync.Protocol.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class EdDsaSigningKey(ReadOnlySpan<byte> seed) : SigningKey(VerificationKey.EdDsa(Ed25519.GetPublicKey(seed)))
{
    private readonly Ed25519PrivateKey _key = Ed25519PrivateKey.FromSeed(seed);

    public override byte[] Sign(ReadOnlySpan<byte> signingInput)
    {
        var signature = new byte[Ed25519.SignatureSize];
        _key.Sign(signingInput, signature);
        return signature;
    }
}
