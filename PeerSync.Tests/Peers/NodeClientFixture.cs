using System.ComponentModel;
using System.Diagnostics;

namespace PeerSync.Tests.Peers;

/// <summary>Node with its package <c>ws</c> in a temporary folder, installed once for each class of tests.</summary>
public sealed class NodeClientFixture : IAsyncLifetime
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunPatience = TimeSpan.FromSeconds(40);

    private readonly string _folder = Directory.CreateTempSubdirectory("peersync-node-").FullName;

    /// <summary>Why there is no Node client, or null.</summary>
    public string? Missing { get; private set; }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        try
        {
            var (code, output) = await RunAsync("npm", InstallPatience, "install", "--no-audit", "--no-fund", "--prefix", _folder, "ws@8");
            Missing = code == 0 ? null : $"npm could not install ws: {output}";
        }
        catch (Exception exception) when (exception is Win32Exception or OperationCanceledException)
        {
            Missing = $"npm: {exception.Message}";
        }
    }

    /// <summary>Runs a script of a feature's tests with these arguments.</summary>
    /// <returns>The exit code, and what it printed.</returns>
    public Task<(int Code, string Output)> RunScriptAsync(string feature, string name, params string[] arguments)
    {
        // Beside the packages, because that is where modules are looked for.
        var script = Path.Combine(_folder, name);
        File.Copy(Path.Combine(AppContext.BaseDirectory, feature, "Node", name), script, overwrite: true);
        return RunAsync("node", RunPatience, [script, .. arguments]);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, TimeSpan patience, params string[] arguments)
    {
        using var timeout = new CancellationTokenSource(patience);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, await output + await errors);
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
