using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PeerSync.Protocol.WebSockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Serving;

/// <summary>The built program as a process of its own.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_termination_signal_ends_it_in_time_with_its_clients_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM.");
        var folder = Directory.CreateTempSubdirectory("peersync-process-").FullName;
        var port = FreePort();
        var file = Path.Combine(folder, "server.conf");
        await File.WriteAllTextAsync(file, $$"""
            peersync {
              data-directory = "{{folder}}/data"
              listeners = [{ url = "http://127.0.0.1:{{port}}" }]
              admin.url = off
              sharing.resp.port = 0
              shutdown { timeout = 10s, spread = 0s }
            }
            """, PeerSyncTestHost.Cancel);
        using var process = Start("serve", "--config", file);
        try
        {
            await WaitForLineAsync(process, "Listening on");
            await using var client = await SocketClient.ConnectAsync(new Uri($"http://127.0.0.1:{port}"), "/ws");
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            Assert.Equal(WebSocketCloseCode.GoingAway, (await client.WaitForCloseAsync()).Code);
            await process.WaitForExitAsync(PeerSyncTestHost.Cancel).WaitAsync(TimeSpan.FromSeconds(10), PeerSyncTestHost.Cancel);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "peersync.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task WaitForLineAsync(Process process, string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                // Read on, so that the server never waits for room in the pipe.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        Assert.Fail($"The server ended: {await process.StandardError.ReadToEndAsync(deadline.Token)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
