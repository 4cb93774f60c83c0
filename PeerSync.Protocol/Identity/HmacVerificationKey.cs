using System.Security.Cryptography;

namespace PeerSync.Protocol.Identity;

internal sealed class HmacVerificationKey : VerificationKey
{
    private readonly byte[] _secret;

    public HmacVerificationKey(ReadOnlySpan<byte> secret)
        : base(SignatureAlgorithm.Hs256)
    {
        if (secret.Length < MinSecretLength)
        {
            throw new CryptographicException($"An HS256 secret needs at least {MinSecretLength} bytes.");
        }

        _secret = secret.ToArray();
    }

    public override bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, signingInput, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
