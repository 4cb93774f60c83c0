using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>Starts <c>peersync serve</c> as an operator does, with the rate limits lifted.</summary>
internal static class PeerSyncServer
{
    /// <summary>The build beside the bench.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "peersync");

    /// <summary>A new temporary folder.</summary>
    public static string CreateDataFolder() => Directory.CreateTempSubdirectory("peersync-bench-").FullName;

    /// <param name="path">The executable, or the assembly.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="ownsData">Whether the folder is deleted once the server has ended.</param>
    /// <param name="settings">The runtime's settings.</param>
    /// <param name="environment">More settings of the server.</param>
    /// <param name="cancellationToken">Gives up waiting for it.</param>
    public static Task<ServerProcess> StartAsync(
        string path, string data, bool ownsData, DotNetSettings settings, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        var start = PeerSyncStart.Create(path, port, ServerProcess.FreePort(), data);
        start.Environment["ADMIN_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}");
        foreach (var (name, value) in settings.Environment.Concat(environment))
        {
            start.Environment[name] = value;
        }

        return ServerProcess.StartAsync(start, port, ownsData ? data : null, cancellationToken);
    }
}
