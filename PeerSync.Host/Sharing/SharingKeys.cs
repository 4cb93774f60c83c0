using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Sharing;

/// <summary>What the Sharing feature signs its tokens with.</summary>
/// <param name="Tokens">The key of the tokens.</param>
/// <param name="Path">Where a made secret is kept; null for a configured one.</param>
/// <param name="WasGenerated">Whether it was made just now.</param>
internal sealed record SharingKeys(SigningKey Tokens, string? Path, bool WasGenerated)
{
    /// <summary>The configured secret, or outside production one that is made and kept in the data directory.</summary>
    /// <exception cref="IdentityConfigurationException">Production without a secret, or one that cannot be read or written.</exception>
    public static SharingKeys Load(PeerSyncOptions options)
    {
        var secret = DevelopmentSecret.Load(
            options,
            options.Sharing.JwtSecret,
            "development-sharing-secret.hex",
            "sharing's",
            "The Sharing feature has no secret in production: set JWT_SECRET.");
        return new SharingKeys(secret.ToHs256(), secret.Path, secret.WasGenerated);
    }
}
