using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>One issuer whose tokens are accepted.</summary>
/// <param name="Name">What <c>iss</c> must be.</param>
/// <param name="Audience">What <c>aud</c> must be or contain.</param>
/// <param name="ClaimsKind">Where the profile stands.</param>
internal sealed record TokenIssuer(string Name, string Audience, TokenClaimsKind ClaimsKind)
{
    /// <summary>The key that needs no name, or null.</summary>
    public VerificationKey? FixedKey { get; init; }

    /// <summary>The published keys, found by name, or null. An algorithm that <see cref="FixedKey"/> has is never looked for here.</summary>
    public JsonWebKeySetCache? KeySet { get; init; }
}
