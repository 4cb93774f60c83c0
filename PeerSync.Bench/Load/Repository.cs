namespace PeerSync.Bench.Load;

/// <summary>Where the sources lie: the bench runs from a clone, and its Node server and that server's package stay in it.</summary>
internal static class Repository
{
    private const string Mark = "PeerSync.slnx";

    /// <summary>The nearest folder with the solution, upwards from the program and then from the working directory.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new DirectoryNotFoundException($"No folder above the program or the working directory has {Mark}.");

    private static string? Find(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, Mark)))
            {
                return current.FullName;
            }
        }

        return null;
    }
}
