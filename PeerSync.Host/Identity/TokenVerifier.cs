using PeerSync.Actors.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Identity;

/// <summary>Verifies the tokens of a few issuers, found by <c>iss</c>.</summary>
/// <remarks>
/// The algorithm is the key's. The token's header may only agree with it, and its <c>kid</c> only chooses among the published keys of the issuer; any address
/// or key that a header carries is ignored. Every check but those that need a key comes first, so that a token that is wrong in another way costs no fetch.
/// </remarks>
internal sealed class TokenVerifier : ITokenVerifier
{
    private readonly TokenIssuer[] _issuers;
    private readonly TimeSpan _clockSkew;
    private readonly TimeProvider _timeProvider;

    public TokenVerifier(IEnumerable<TokenIssuer> issuers, TimeSpan clockSkew, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clockSkew, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockSkew, IdentityOptions.MaxClockSkew);
        _issuers = [.. issuers];
        _clockSkew = clockSkew;
        _timeProvider = timeProvider;
    }

    public ValueTask<TokenVerification> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (!JsonWebToken.TryParse(token, out var jwt)
            || !jwt.TryReadClaims(out var claims)
            || claims.Subject is null
            || claims.ExpiresAt is null
            || FindIssuer(claims) is not { } issuer)
        {
            return ValueTask.FromResult(TokenVerification.Invalid);
        }

        if (issuer.FixedKey is { } fixedKey && fixedKey.Algorithm == jwt.Algorithm)
        {
            return ValueTask.FromResult(Decide(jwt, claims, issuer, fixedKey));
        }

        if (issuer.KeySet is null || jwt.KeyId is null || jwt.Algorithm == SignatureAlgorithm.Hs256)
        {
            return ValueTask.FromResult(TokenVerification.Invalid);
        }

        var lookup = issuer.KeySet.FindAsync(jwt.KeyId, cancellationToken);
        return lookup.IsCompletedSuccessfully
            ? ValueTask.FromResult(Decide(jwt, claims, issuer, lookup.Result))
            : DecideLaterAsync(jwt, claims, issuer, lookup);
    }

    private async ValueTask<TokenVerification> DecideLaterAsync(JsonWebToken jwt, TokenClaims claims, TokenIssuer issuer, ValueTask<KeyLookup> lookup) =>
        Decide(jwt, claims, issuer, await lookup);

    private TokenVerification Decide(JsonWebToken jwt, TokenClaims claims, TokenIssuer issuer, KeyLookup lookup)
    {
        if (lookup.Key is { } key)
        {
            return Decide(jwt, claims, issuer, key);
        }

        return lookup.IsUnavailable ? TokenVerification.Unavailable : TokenVerification.Invalid;
    }

    private TokenVerification Decide(JsonWebToken jwt, TokenClaims claims, TokenIssuer issuer, VerificationKey key)
    {
        if (!jwt.Verify(key))
        {
            return TokenVerification.Invalid;
        }

        var now = _timeProvider.GetUtcNow();
        if (claims.NotBefore > now + _clockSkew)
        {
            return TokenVerification.Invalid;
        }

        // RFC 7519, section 4.1.4: valid before the moment of expiry, not at it.
        if (claims.ExpiresAt <= now - _clockSkew)
        {
            return TokenVerification.Expired;
        }

        return IdentityReader.TryRead(jwt.Payload, issuer.ClaimsKind, new UserId(claims.Subject!), claims.ExpiresAt!.Value, out var identity)
            ? TokenVerification.Valid(identity)
            : TokenVerification.Invalid;
    }

    private TokenIssuer? FindIssuer(TokenClaims claims)
    {
        foreach (var issuer in _issuers)
        {
            if (issuer.Name == claims.Issuer)
            {
                return claims.Audiences.Contains(issuer.Audience) ? issuer : null;
            }
        }

        return null;
    }
}
