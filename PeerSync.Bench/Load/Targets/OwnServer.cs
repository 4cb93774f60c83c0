using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>Starts this program again as one of its comparison servers.</summary>
internal static class OwnServer
{
    public static Task<ServerProcess> StartAsync(
        string command, ServerSecrets secrets, DotNetSettings settings, CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        var host = Environment.ProcessPath!;
        var start = new ProcessStartInfo(host);
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OwnServer).Assembly.Location);
        }

        start.ArgumentList.Add(command);
        start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        start.Environment[ServerSecrets.UrlVariable] = secrets.SupabaseUrl;
        start.Environment[ServerSecrets.SecretVariable] = secrets.JwtSecret;
        foreach (var (name, value) in settings.Environment)
        {
            start.Environment[name] = value;
        }

        return ServerProcess.StartAsync(start, port, dataFolder: null, cancellationToken);
    }
}
