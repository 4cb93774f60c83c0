using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Actors.Identity;

/// <summary>How the verification of a token ended.</summary>
public enum TokenStatus
{
    /// <summary>The token is genuine and in force.</summary>
    Valid,

    /// <summary>The signature is right, the token's <c>exp</c> has passed.</summary>
    Expired,

    /// <summary>Refused for any other reason. The reason is never told to a client.</summary>
    Invalid,

    /// <summary>The key could not be fetched, so nothing is known: the client should try again later.</summary>
    Unavailable,
}

/// <summary>The outcome of <see cref="ITokenVerifier.VerifyAsync"/>.</summary>
public sealed record TokenVerification
{
    private TokenVerification(TokenStatus status, VerifiedIdentity? identity)
    {
        Status = status;
        Identity = identity;
    }

    /// <summary>The token has expired.</summary>
    public static TokenVerification Expired { get; } = new(TokenStatus.Expired, null);

    /// <summary>The token is refused.</summary>
    public static TokenVerification Invalid { get; } = new(TokenStatus.Invalid, null);

    /// <summary>The key service did not answer.</summary>
    public static TokenVerification Unavailable { get; } = new(TokenStatus.Unavailable, null);

    /// <summary>How the verification ended.</summary>
    public TokenStatus Status { get; }

    /// <summary>Whom the token names; null unless <see cref="IsValid"/>.</summary>
    public VerifiedIdentity? Identity { get; }

    /// <summary>Whether the token may be trusted.</summary>
    [MemberNotNullWhen(true, nameof(Identity))]
    public bool IsValid => Status == TokenStatus.Valid;

    /// <summary>A genuine token's outcome.</summary>
    /// <param name="identity">Whom the token names.</param>
    public static TokenVerification Valid(VerifiedIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return new TokenVerification(TokenStatus.Valid, identity);
    }
}
