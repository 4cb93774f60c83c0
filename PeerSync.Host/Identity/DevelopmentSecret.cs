using System.Security.Cryptography;
using PeerSync.Host.Configuration;

namespace PeerSync.Host.Identity;

/// <summary>A feature's secret: the configured one, or outside production one that is made and kept in the data directory.</summary>
/// <param name="Text">The secret.</param>
/// <param name="Path">Where a made one is kept; null for a configured one.</param>
/// <param name="WasGenerated">Whether it was made just now.</param>
internal sealed record DevelopmentSecret(string Text, string? Path, bool WasGenerated)
{
    /// <summary>Loads a secret, or makes one.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="configured">The configured secret; empty if there is none.</param>
    /// <param name="fileName">The file in the data directory.</param>
    /// <param name="owner">Whose it is, as in "the rooms' secret".</param>
    /// <param name="missing">What to say in production without one.</param>
    /// <exception cref="IdentityConfigurationException">Production without a secret, or one that cannot be read or written.</exception>
    public static DevelopmentSecret Load(PeerSyncOptions options, Secret configured, string fileName, string owner, string missing)
    {
        if (!configured.IsEmpty)
        {
            return new DevelopmentSecret(configured.Value, null, false);
        }

        if (options.IsProduction)
        {
            throw new IdentityConfigurationException(missing);
        }

        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataDirectory, fileName));
        try
        {
            var (text, wasGenerated) = DevelopmentFile.LoadOrCreate(path, static () => RandomNumberGenerator.GetHexString(64, lowercase: true));
            return new DevelopmentSecret(text, path, wasGenerated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The {owner} secret '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }

    /// <summary>
    /// A key of the secret's own bytes. HMAC fills a short key up with zeros (RFC 2104, section 2), so filling it up to the least length that keys have here
    /// changes no signature.
    /// </summary>
    public Protocol.Identity.SigningKey ToHs256()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(Text);
        Array.Resize(ref bytes, Math.Max(bytes.Length, Protocol.Identity.VerificationKey.MinSecretLength));
        return Protocol.Identity.SigningKey.Hs256(bytes);
    }
}
