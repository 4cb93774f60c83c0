using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Rooms;

/// <summary>What room tokens are signed with.</summary>
internal sealed record RoomsKey(SigningKey Key, string? Path, bool WasGenerated)
{
    // The original's default, which everybody knows.
    private const string KnownSecret = "dev-secret-change-in-production";

    /// <summary>The configured secret, or outside production one that is made and kept in the data directory.</summary>
    /// <exception cref="IdentityConfigurationException">Production without a secret, or one that cannot be read or written.</exception>
    public static RoomsKey Load(PeerSyncOptions options)
    {
        if (options.IsProduction && options.Rooms.AuthSecret.Value == KnownSecret)
        {
            throw new IdentityConfigurationException("AUTH_SECRET is the value that the product's documentation names: choose one of your own.");
        }

        var secret = DevelopmentSecret.Load(
            options,
            options.Rooms.AuthSecret,
            "development-rooms-secret.hex",
            "rooms'",
            "The Rooms feature has no secret in production: set AUTH_SECRET.");
        return new RoomsKey(secret.ToHs256(), secret.Path, secret.WasGenerated);
    }
}
