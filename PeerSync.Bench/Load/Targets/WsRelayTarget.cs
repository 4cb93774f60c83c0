using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A relay in Node with the npm package <c>ws</c>, which speaks the same part of the Peers protocol.</summary>
internal sealed class WsRelayTarget(ServerSecrets secrets, string repository) : PeersTarget(secrets)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);
    private readonly string _modules = Path.Combine(repository, "artifacts", "bench-node");

    public override string Name => "ws";

    public override string Title => "Node ws relay";

    /// <summary>Installs the package when it is missing.</summary>
    public override async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            NodeVersion = await RunAsync("node", ["--version"], Environment.CurrentDirectory, cancellationToken);
            var package = Path.Combine(_modules, "node_modules", "ws", "package.json");
            if (!File.Exists(package))
            {
                Directory.CreateDirectory(_modules);
                await File.WriteAllTextAsync(Path.Combine(_modules, "package.json"), "{\"private\":true}\n", cancellationToken);
                _ = await RunAsync("npm", ["install", "--no-audit", "--no-fund", "ws@8"], _modules, cancellationToken);
            }

            return File.Exists(package) ? null : "npm installed no package ws";
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or TimeoutException)
        {
            return exception.Message;
        }
    }

    /// <summary>Known once <see cref="PrepareAsync"/> has run.</summary>
    public string NodeVersion { get; private set; } = "";

    public override Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        var start = new ProcessStartInfo("node") { WorkingDirectory = _modules };
        start.ArgumentList.Add(Path.Combine(repository, "PeerSync.Bench", "Servers", "relay.mjs"));
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment[ServerSecrets.UrlVariable] = Secrets.SupabaseUrl;
        start.Environment[ServerSecrets.SecretVariable] = Secrets.JwtSecret;
        start.Environment["NODE_ENV"] = "production";
        return ServerProcess.StartAsync(start, port, dataFolder: null, cancellationToken);
    }

    private static async Task<string> RunAsync(string command, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(InstallLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? (await output).Trim()
                : throw new InvalidOperationException($"{command} ended with code {process.ExitCode}: {(await error).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{command} took longer than {InstallLimit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
