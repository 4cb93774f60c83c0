using System.Security.Cryptography;
using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;

namespace PeerSync.Host.Sharing.Resp;

/// <summary>The password that all listeners of Redis's protocol share.</summary>
/// <param name="Text">The password; null where there is none, and access tokens are taken alone.</param>
/// <param name="Path">Where a made one is kept; null for a configured one.</param>
/// <param name="WasGenerated">Whether it was made just now.</param>
internal sealed record RespPassword(string? Text, string? Path, bool WasGenerated)
{
    private const string FileName = "development-resp-password.txt";

    /// <summary>The configured password, or outside production one that is made and kept in the data directory.</summary>
    /// <exception cref="IdentityConfigurationException">The made one cannot be read or written.</exception>
    public static RespPassword Load(PeerSyncOptions options)
    {
        var resp = options.Sharing.Resp;
        if (!resp.Password.IsEmpty)
        {
            return new RespPassword(resp.Password.Value, null, false);
        }

        if (options.IsProduction || resp.Endpoint is null)
        {
            return new RespPassword(null, null, false);
        }

        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataDirectory, FileName));
        try
        {
            // In an address as redis://any:password@host, so of letters that need no escape.
            var (text, wasGenerated) = DevelopmentFile.LoadOrCreate(path, static () => RandomNumberGenerator.GetHexString(32, lowercase: true));
            return new RespPassword(text, path, wasGenerated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The password of the RESP listener '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }
}
