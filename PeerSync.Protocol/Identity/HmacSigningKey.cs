using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class HmacSigningKey(ReadOnlySpan<byte> secret) : SigningKey(VerificationKey.Hs256(secret))
{
    private readonly byte[] _secret = secret.ToArray();

    public override byte[] Sign(ReadOnlySpan<byte> signingInput) => HMACSHA256.HashData(_secret, signingInput);
}
