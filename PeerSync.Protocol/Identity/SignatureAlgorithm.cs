namespace PeerSync.Protocol.Identity;

/// <summary>The signature algorithms that tokens may use. No other one exists for this server, <c>none</c> least of all.</summary>
public enum SignatureAlgorithm
{
    /// <summary><c>HS256</c>: HMAC with SHA-256 (RFC 7518, section 3.2).</summary>
    Hs256,

    /// <summary><c>RS256</c>: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3).</summary>
    Rs256,

    /// <summary><c>ES256</c>: ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4).</summary>
    Es256,

    /// <summary><c>EdDSA</c> with Ed25519 (RFC 8037, section 3.1).</summary>
    EdDsa,
}
