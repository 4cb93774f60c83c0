namespace PeerSync.Protocol.Identity;

/// <summary>The wire names of <see cref="SignatureAlgorithm"/>.</summary>
public static class SignatureAlgorithms
{
    /// <summary>The name as the <c>alg</c> member carries it (RFC 7518, section 3.1; RFC 8037, section 3.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public static string ToName(this SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.Hs256 => "HS256",
        SignatureAlgorithm.Rs256 => "RS256",
        SignatureAlgorithm.Es256 => "ES256",
        SignatureAlgorithm.EdDsa => "EdDSA",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, null),
    };
}
