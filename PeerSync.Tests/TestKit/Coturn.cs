using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PeerSync.Tests.TestKit;

/// <summary>A coturn server of the test's own on 127.0.0.1, which knows a secret and nobody by name, and its client.</summary>
internal sealed class Coturn : IAsyncDisposable
{
    private const string Server = "turnserver";
    private const string Client = "turnutils_uclient";

    // The client waits seconds between its steps.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("peersync-coturn-").FullName;
    private readonly List<string> _log = [];
    private Process? _server;

    private Coturn()
    {
    }

    /// <summary>What credentials are made of.</summary>
    internal string Secret { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    internal int Port { get; private set; }

    /// <summary>Starts a server; skips the calling test where coturn is not installed.</summary>
    internal static async Task<Coturn> StartAsync(CancellationToken cancellationToken)
    {
        if (Find(Server) is null || Find(Client) is null)
        {
            Assert.Skip($"coturn's programs ({Server}, {Client}) were not found in PATH.");
        }

        var coturn = new Coturn();
        try
        {
            await coturn.RunAsync(cancellationToken);
            return coturn;
        }
        catch
        {
            await coturn.DisposeAsync();
            throw;
        }
    }

    /// <summary>Two allocations with one credential that send each other messages through the server.</summary>
    /// <returns>The client's exit code and what it said.</returns>
    internal async Task<(int ExitCode, string Output)> RelayAsync(string username, string credential, CancellationToken cancellationToken)
    {
        using var client = Start(
            Client, "-y", "-c", "-n", "3", "-m", "2", "-p", Port.ToString(CultureInfo.InvariantCulture), "-u", username, "-w", credential, "127.0.0.1");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var output = client.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = client.StandardError.ReadToEndAsync(deadline.Token);
            await client.WaitForExitAsync(deadline.Token);
            return (client.ExitCode, await output + await error);
        }
        finally
        {
            if (!client.HasExited)
            {
                client.Kill();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            if (!_server.HasExited)
            {
                _server.Kill();
            }

            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        Port = FreePort();
        _server = Start(
            Server,
            "-n",
            "--listening-ip=127.0.0.1",
            "--relay-ip=127.0.0.1",
            $"--listening-port={Port.ToString(CultureInfo.InvariantCulture)}",
            "--use-auth-secret",
            $"--static-auth-secret={Secret}",
            "--realm=peersync.test",
            "--no-tls",
            "--no-dtls",
            "--no-cli",
            "--allow-loopback-peers",
            "--log-file=stdout",
            $"--pidfile={Path.Combine(_folder, "pid")}",
            $"--db={Path.Combine(_folder, "db")}");
        _server.OutputDataReceived += Read;
        _server.ErrorDataReceived += Read;
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();

        // It answers whoever asks for a binding (RFC 8489, section 14) as soon as it can answer anybody.
        byte[] question = [0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42, .. RandomNumberGenerator.GetBytes(12)];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Connect(IPAddress.Loopback, Port);
        while (!await IsAnsweredAsync(socket, question, deadline.Token))
        {
            lock (_log)
            {
                Assert.False(deadline.IsCancellationRequested, $"coturn did not begin to answer: {string.Join(Environment.NewLine, _log)}");
            }
        }

        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (_log)
            {
                _log.Add(line.Data ?? string.Empty);
            }
        }
    }

    private static async Task<bool> IsAnsweredAsync(UdpClient socket, byte[] question, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(TimeSpan.FromMilliseconds(200));
        try
        {
            await socket.SendAsync(question, wait.Token);
            var answer = await socket.ReceiveAsync(wait.Token);
            return answer.Buffer is [0x01, 0x01, ..];
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            return false;
        }
    }
}
