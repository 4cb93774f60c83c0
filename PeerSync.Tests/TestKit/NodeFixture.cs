using System.ComponentModel;
using System.Diagnostics;

namespace PeerSync.Tests.TestKit;

/// <summary>Node with some packages in a temporary folder, installed once for each class of tests.</summary>
public abstract class NodeFixture : IAsyncLifetime
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RunPatience = TimeSpan.FromSeconds(40);

    /// <summary>Why there is no Node client, or null.</summary>
    public string? Missing { get; private set; }

    /// <summary>The folder that the packages are installed in.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("peersync-node-").FullName;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        try
        {
            var (code, output) = await RunAsync("npm", InstallPatience, PrepareInstall());
            Missing = code == 0 ? null : $"npm could not install the packages: {output}";
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
        var script = Path.Combine(Folder, name);
        File.Copy(Path.Combine(AppContext.BaseDirectory, feature, "Node", name), script, overwrite: true);
        return RunAsync("node", RunPatience, [script, .. arguments]);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts into the folder what npm needs.</summary>
    /// <returns>npm's arguments.</returns>
    protected abstract string[] PrepareInstall();

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
