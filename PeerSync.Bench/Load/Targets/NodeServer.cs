using System.Diagnostics;
using System.Globalization;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A comparison server of this program that runs in Node, with packages of npm.</summary>
/// <param name="repository">Where the sources lie.</param>
/// <param name="script">The server's file in the folder of the comparison servers.</param>
/// <param name="packages">The packages, with their major versions.</param>
internal sealed class NodeServer(string repository, string script, params (string Name, int Version)[] packages)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);
    private readonly string _modules = Path.Combine(repository, "artifacts", "bench-node");

    /// <summary>Known once <see cref="PrepareAsync"/> has run.</summary>
    public string NodeVersion { get; private set; } = "";

    /// <summary>Installs the packages that are missing; returns why that cannot be, or null.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            NodeVersion = await RunAsync("node", ["--version"], Environment.CurrentDirectory, cancellationToken);
            string[] missing = [.. packages.Where(package => !IsInstalled(package.Name)).Select(Wanted)];
            if (missing.Length > 0)
            {
                Directory.CreateDirectory(_modules);
                var project = Path.Combine(_modules, "package.json");
                if (!File.Exists(project))
                {
                    await File.WriteAllTextAsync(project, "{\"private\":true}\n", cancellationToken);
                }

                _ = await RunAsync("npm", ["install", "--no-audit", "--no-fund", .. missing], _modules, cancellationToken);
            }

            return Array.Find(packages, package => !IsInstalled(package.Name)).Name is { } absent ? $"npm installed no package {absent}" : null;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or TimeoutException)
        {
            return exception.Message;
        }
    }

    /// <summary>Starts the server.</summary>
    /// <param name="environment">More variables for its environment.</param>
    /// <param name="cancellationToken">Gives up waiting for it.</param>
    /// <param name="dataFolder">A folder that is deleted once the server has ended; null for none.</param>
    public Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, string? dataFolder = null)
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

        return ServerProcess.StartAsync(start, port, dataFolder, cancellationToken);
    }

    private static string Wanted((string Name, int Version) package) => string.Create(CultureInfo.InvariantCulture, $"{package.Name}@{package.Version}");

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

    private bool IsInstalled(string package) => File.Exists(Path.Combine(_modules, "node_modules", package, "package.json"));
}
