using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Migrations;

/// <summary>The migrations that this program carries, as files <c>NNNN_name.sql</c> embedded in it.</summary>
internal static class MigrationCatalog
{
    /// <summary>The migrations for an engine, in order.</summary>
    public static IReadOnlyList<Migration> For(DatabaseEngine engine)
    {
        var assembly = typeof(MigrationCatalog).Assembly;
        var folder = $"Migrations/{engine}/";
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                return Parse(resource[folder.Length..], reader.ReadToEnd());
            })];
    }

    /// <summary>A migration from its file.</summary>
    /// <param name="fileName">As in <c>0001_peers.sql</c>.</param>
    /// <param name="sql">The file's text.</param>
    public static Migration Parse(string fileName, string sql)
    {
        var underscore = fileName.IndexOf('_', StringComparison.Ordinal);
        var number = int.Parse(fileName.AsSpan(0, underscore), NumberStyles.None, CultureInfo.InvariantCulture);
        var name = Path.GetFileNameWithoutExtension(fileName)[(underscore + 1)..];

        // A checkout may end lines as its system does; that is no change.
        var text = sql.ReplaceLineEndings("\n");
        return new Migration(number, name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
