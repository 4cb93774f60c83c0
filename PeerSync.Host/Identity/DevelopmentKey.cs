using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Host.Identity;

/// <summary>The RSA key that a server without any configured key makes for itself outside production.</summary>
internal sealed record DevelopmentKey(RSAParameters Parameters, string Path, bool WasGenerated)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "development-signing-key.pem";

    /// <summary>Reads the key, or makes it. Of several processes that start at once, all use the one key that got its place first.</summary>
    /// <param name="dataFolder">The data folder; made, for its owner only, if it does not exist.</param>
    /// <exception cref="IdentityConfigurationException">The file cannot be read, written or used.</exception>
    public static DevelopmentKey LoadOrCreate(string dataFolder)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(dataFolder, FileName));
        try
        {
            if (File.Exists(path))
            {
                return Load(path);
            }

            CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            using var rsa = RSA.Create(2048);
            return TryPlace(path, rsa.ExportPkcs8PrivateKeyPem())
                ? new DevelopmentKey(rsa.ExportParameters(includePrivateParameters: true), path, WasGenerated: true)
                : Load(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IdentityConfigurationException($"The development key '{path}' cannot be read or written ({exception.GetType().Name}).");
        }
    }

    private static DevelopmentKey Load(string path) =>
        new(RsaKeyText.ReadPrivate(File.ReadAllText(path), $"The development key '{path}'"), path, WasGenerated: false);

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Puts a complete file in its place, unless there is one: nobody ever sees half a key, and nobody's key is replaced.</summary>
    private static bool TryPlace(string path, string pem)
    {
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(pem));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
