using System.Security.Cryptography;
using System.Text;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Identity;

namespace PeerSync.Host.Rooms;

/// <summary>What room tokens are signed with.</summary>
internal sealed record RoomsKey(SigningKey Key, string? Path, bool WasGenerated)
{
    private const string FileName = "development-rooms-secret.hex";

    // The original's default, which everybody knows.
    private const string KnownSecret = "dev-secret-change-in-production";

    /// <summary>The configured secret, or outside production one that is made and kept in the data directory.</summary>
    /// <exception cref="IdentityConfigurationException">Production without a secret, or one that cannot be read or written.</exception>
    public static RoomsKey Load(PeerSyncOptions options)
    {
        var secret = options.Rooms.AuthSecret.Value;
        if (secret.Length > 0)
        {
            return options.IsProduction && secret == KnownSecret
                ? throw new IdentityConfigurationException("AUTH_SECRET is the value that the product's documentation names: choose one of your own.")
                : new RoomsKey(Derive(secret), null, false);
        }

        if (options.IsProduction)
        {
            throw new IdentityConfigurationException("The Rooms feature has no secret in production: set AUTH_SECRET.");
        }

        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataDirectory, FileName));
        try
        {
            var (text, wasGenerated) = DevelopmentFile.LoadOrCreate(path, static () => RandomNumberGenerator.GetHexString(64, lowercase: true));
            return new RoomsKey(Derive(text), path, wasGenerated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The rooms' secret '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }

    // The contract signs with the secret's own bytes. HMAC fills a short key up with zeros (RFC 2104, section 2), so filling it up here changes no signature.
    private static SigningKey Derive(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        Array.Resize(ref bytes, Math.Max(bytes.Length, VerificationKey.MinSecretLength));
        return SigningKey.Hs256(bytes);
    }
}
