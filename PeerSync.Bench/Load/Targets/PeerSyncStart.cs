using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>How PeerSync is started by everything that measures or tries it as a process of its own.</summary>
internal static class PeerSyncStart
{
    /// <summary>With a data folder of its own, quiet and without rate limits. A <c>.dll</c> is started by dotnet.</summary>
    public static ProcessStartInfo Create(string path, int port, int signalingPort, string dataFolder)
    {
        var isAssembly = path.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : path) { WorkingDirectory = dataFolder };
        if (isAssembly)
        {
            start.ArgumentList.Add(Path.GetFullPath(path));
        }

        start.ArgumentList.Add("serve");
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["SIGNALING_PORT"] = signalingPort.ToString(CultureInfo.InvariantCulture);
        start.Environment["RESP_PORT"] = "0";
        start.Environment["PEERSYNC_DATA"] = dataFolder;
        start.Environment["RATE_LIMITS"] = "off";
        start.Environment["LOG_LEVEL"] = "warning";
        return start;
    }
}
