using System.Security.Cryptography;
using System.Text;

namespace PeerSync.Host.Identity;

/// <summary>A secret that a server makes for itself outside production and keeps in the data folder, for its owner only.</summary>
internal static class DevelopmentFile
{
    /// <summary>Reads the file, or makes it. Of several processes that start at once, all use the one file that got its place first.</summary>
    /// <param name="path">The file; its folder is made, for its owner only, if it does not exist.</param>
    /// <param name="create">Makes the content, which is ASCII.</param>
    /// <returns>The content, and whether it was made just now.</returns>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read or written.</exception>
    public static (string Content, bool WasGenerated) LoadOrCreate(string path, Func<string> create)
    {
        if (File.Exists(path))
        {
            return (File.ReadAllText(path), WasGenerated: false);
        }

        CreateFolder(Path.GetDirectoryName(path)!);
        var content = create();
        return TryPlace(path, content) ? (content, WasGenerated: true) : (File.ReadAllText(path), WasGenerated: false);
    }

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
    private static bool TryPlace(string path, string content)
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
                file.Write(Encoding.ASCII.GetBytes(content));
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
