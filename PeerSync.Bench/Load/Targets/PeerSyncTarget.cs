using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>PeerSync itself, as an operator starts it, with the rate limits lifted.</summary>
internal sealed class PeerSyncTarget(ServerSecrets secrets, DotNetSettings settings, string? path) : PeersTarget(secrets)
{
    private readonly string _path = path ?? Path.Combine(AppContext.BaseDirectory, "peersync");

    public override string Name => "peersync";

    public override string Title => "PeerSync";

    public override Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        return Task.FromResult(File.Exists(_path) ? null : $"{_path} does not exist; name the server with --server");
    }

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        var data = Directory.CreateTempSubdirectory("peersync-bench-").FullName;
        var isAssembly = _path.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : _path) { WorkingDirectory = data };
        if (isAssembly)
        {
            start.ArgumentList.Add(Path.GetFullPath(_path));
        }

        start.ArgumentList.Add("serve");
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["SIGNALING_PORT"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        start.Environment["ADMIN_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}");
        start.Environment["PEERSYNC_DATA"] = data;
        start.Environment["RATE_LIMITS"] = "off";
        start.Environment["LOG_LEVEL"] = "warning";
        start.Environment[ServerSecrets.UrlVariable] = Secrets.SupabaseUrl;
        start.Environment[ServerSecrets.SecretVariable] = Secrets.JwtSecret;
        foreach (var (name, value) in settings.Environment)
        {
            start.Environment[name] = value;
        }

        return ServerProcess.StartAsync(start, port, data, cancellationToken);
    }
}
