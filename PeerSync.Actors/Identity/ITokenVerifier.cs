namespace PeerSync.Actors.Identity;

/// <summary>Decides whether a bearer token is genuine and whom it names. One verifier serves every feature.</summary>
/// <remarks>Thread-safe. Never throws for what a token contains: every refusal is a <see cref="TokenVerification"/>.</remarks>
public interface ITokenVerifier
{
    /// <summary>Verifies a compact JWS (RFC 7515, RFC 7519).</summary>
    /// <param name="token">The token alone, without an authentication scheme.</param>
    /// <param name="cancellationToken">Ends a wait for a key that has to be fetched.</param>
    ValueTask<TokenVerification> VerifyAsync(string token, CancellationToken cancellationToken);
}
