using System.Security.Cryptography;

namespace PeerSync.Host.Identity;

/// <summary>The RSA key that a server without any configured key makes for itself outside production.</summary>
internal sealed record DevelopmentKey(RSAParameters Parameters, string Path, bool WasGenerated)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "development-signing-key.pem";

    /// <summary>Reads the key, or makes it.</summary>
    /// <param name="dataFolder">The data folder; made, for its owner only, if it does not exist.</param>
    /// <exception cref="IdentityConfigurationException">The file cannot be read, written or used.</exception>
    public static DevelopmentKey LoadOrCreate(string dataFolder)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(dataFolder, FileName));
        try
        {
            var (pem, wasGenerated) = DevelopmentFile.LoadOrCreate(path, CreatePem);
            return new DevelopmentKey(RsaKeyText.ReadPrivate(pem, $"The development key '{path}'"), path, wasGenerated);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The development key '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }

    private static string CreatePem()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    }
}
