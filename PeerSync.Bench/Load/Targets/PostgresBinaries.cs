namespace PeerSync.Bench.Load.Targets;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    public const string Missing = "PostgreSQL's server programs (initdb, postgres) were not found in PATH nor in /usr/lib/postgresql/*/bin.";

    /// <summary>The folder that holds <c>initdb</c> and <c>postgres</c>, the newest version's, or null.</summary>
    public static string? FindFolder()
    {
        var inPath = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var installed = versions
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"));
        return inPath.Concat(installed).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
