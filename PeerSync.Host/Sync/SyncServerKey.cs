using PeerSync.Host.Configuration;
using PeerSync.Host.Identity;
using PeerSync.Protocol.Cryptography;
using PeerSync.Protocol.Sync;

namespace PeerSync.Host.Sync;

/// <summary>The key that the server proves itself with to the Sync clients.</summary>
/// <param name="Identity">The key.</param>
/// <param name="Path">The file that it is kept in; null where the settings name it.</param>
/// <param name="WasGenerated">Whether it was made just now.</param>
internal sealed record SyncServerKey(SyncServerIdentity Identity, string? Path, bool WasGenerated)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "development-sync-key.hex";

    /// <summary>Takes the key from the settings, or outside production from the data folder, where it is made if there is none.</summary>
    /// <exception cref="IdentityConfigurationException">The key is missing, cannot be read, or its public half is another key's.</exception>
    public static SyncServerKey Load(PeerSyncOptions options)
    {
        var settings = options.Sync;
        if (!settings.ServerPrivateKey.IsEmpty)
        {
            return new SyncServerKey(Parse(settings.ServerPrivateKey.Value, settings.ServerPublicKey, "SERVER_PRIVATE_KEY_HEX"), null, false);
        }

        if (options.IsProduction && options.Serves(ServerFeatures.Sync))
        {
            throw new IdentityConfigurationException("The Sync feature has no key in production: set SERVER_PRIVATE_KEY_HEX.");
        }

        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(options.DataDirectory, FileName));
        try
        {
            var (text, wasGenerated) = DevelopmentFile.LoadOrCreate(path, static () => Convert.ToHexStringLower(Ed25519.GenerateSeed()));
            return new SyncServerKey(Parse(text, null, $"The file '{path}'"), path, wasGenerated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The server's key '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }

    private static SyncServerIdentity Parse(string privateKey, string? publicKey, string source)
    {
        try
        {
            return SyncServerIdentity.Parse(privateKey, publicKey);
        }
        catch (SyncServerIdentityException exception)
        {
            throw new IdentityConfigurationException($"{source}: {exception.Message}");
        }
    }
}
