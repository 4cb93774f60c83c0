using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A comparison server of this program that runs in Node, with one npm package.</summary>
/// <param name="repository">Where the sources lie.</param>
/// <param name="script">The server's file in the folder of the comparison servers.</param>
/// <param name="package">The package.</param>
/// <param name="version">Its major version.</param>
internal sealed class NodeServer(string repository, string script, string package, int version)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(2);
    private readonly string _modules = Path.Combine(repository, "artifacts", "bench-node");

    /// <summary>Known once <see cref="PrepareAsync"/> has run.</summary>
    public string NodeVersion { get; private set; } = "";

    /// <summary>Installs the package when it is missing; returns why that cannot be, or null.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            NodeVersion = await RunAsync("node", ["--version"], Environment.CurrentDirectory, cancellationToken);
            var installed = Path.Combine(_modules, "node_modules", package, "package.json");
            if (!File.Exists(installed))
            {
                Directory.CreateDirectory(_modules);
                var project = Path.Combine(_modules, "package.json");
                if (!File.Exists(project))
                {
                    await File.WriteAllTextAsync(project, "{\"private\":true}\n", cancellationToken);
                }

                var wanted = string.Create(CultureInfo.InvariantCulture, $"{package}@{version}");
                _ = await RunAsync("npm", ["install", "--no-audit", "--no-fund", wanted], _modules, cancellationToken);
            }

            return File.Exists(installed) ? null : $"npm installed no package {package}";
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or TimeoutException)
        {
            return exception.Message;
        }
    }

    /// <summary>Starts the server with more variables for its environment.</summary>
    public Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var port = ServerProcess.FreePort();
        var start = new ProcessStartInfo("node") { WorkingDirectory = _modules };
        start.ArgumentList.Add(Path.Combine(repository, "PeerSync.Bench", "Servers", script));
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["NODE_ENV"] = "production";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

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
