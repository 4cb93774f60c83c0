using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace PeerSync.Bench.Load.Targets;

/// <summary>A PostgreSQL server of one's own, on 127.0.0.1, in a temporary folder. It stops when disposed, and also when this process dies.</summary>
/// <remarks>
/// The server runs under a shell that waits for the end of its standard input and then stops the server: the system closes that pipe however this process
/// ends.
/// PostgreSQL refuses to run as root, so as root it runs as the user <c>postgres</c>, or <c>nobody</c>.
/// </remarks>
internal sealed class PostgresCluster : IAsyncDisposable
{
    // The shell gives up its own end of the output, so that the output ends when the server does.
    private const string Guard = """
        trap '' HUP INT TERM
        "$@" 2>&1 &
        server=$!
        exec > /dev/null
        cat
        kill -INT $server 2> /dev/null
        wait $server
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly bool _isDurable;
    private readonly string _folder;
    private readonly string _password = RandomNumberGenerator.GetHexString(32);
    private Process? _guard;

    private PostgresCluster(string binaries, bool isDurable)
    {
        _binaries = binaries;
        _isDurable = isDurable;
        _folder = Directory.CreateTempSubdirectory("peersync-postgres-").FullName;
    }

    /// <summary>The port on 127.0.0.1; stays the same over <see cref="StopAsync"/> and <see cref="StartAsync"/>.</summary>
    public int Port { get; private set; }

    private string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <param name="binaries">Where PostgreSQL's programs are.</param>
    /// <param name="isDurable">Whether a commit reaches the disk, as it does with the settings that PostgreSQL comes with.</param>
    /// <exception cref="InvalidOperationException">The server did not start.</exception>
    public static async Task<PostgresCluster> CreateAsync(string binaries, bool isDurable)
    {
        var cluster = new PostgresCluster(binaries, isDurable);
        try
        {
            await cluster.InitializeAsync();
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a database, in the form of DATABASE_URL.</summary>
    public string UrlOf(string database) => $"postgres://postgres:{_password}@127.0.0.1:{Port}/{database}";

    /// <summary>Starts the server, again after <see cref="StopAsync"/>; completes when it accepts connections.</summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            // Another process may take a free port before the server does, so a few are tried; but a restart must keep its port.
            var port = Port != 0 ? Port : FindFreePort();
            var failure = await TryStartAsync(port);
            if (failure is null)
            {
                Port = port;
                return;
            }

            if (attempt == 5 || Port != 0)
            {
                throw new InvalidOperationException($"PostgreSQL did not start on port {port}: {failure}");
            }
        }
    }

    /// <summary>Stops the server as a planned shutdown does: open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_guard is null)
        {
            return;
        }

        _guard.StandardInput.Close();
        await WaitForExitAsync(_guard, "PostgreSQL to stop");
        _guard.Dispose();
        _guard = null;
    }

    /// <summary>Runs a statement in the database <c>postgres</c>, as superuser.</summary>
    public async Task ExecuteAsync(string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Password = _password,
            Database = "postgres",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What goes before a command that must not run as root.</summary>
    private static string[] AsServerUser()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        var (user, group) = FindServerUser();
        return ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"];
    }

    private static (string User, string Group) FindServerUser()
    {
        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToList();
        var account = accounts.Find(fields => fields[0] == "postgres")
            ?? accounts.Find(fields => fields[0] == "nobody")
            ?? throw new InvalidOperationException("Neither a user 'postgres' nor 'nobody' exists to run PostgreSQL as.");
        return (account[2], account[3]);
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await WaitForExitAsync(process, command[0]);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await errors}{await output}");
        }
    }

    private static async Task WaitForExitAsync(Process process, string what)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what} (process {process.Id}).");
        }
    }

    private async Task InitializeAsync()
    {
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", FindServerUser().User, _folder);
        }

        await RunAsync(
            [.. AsServerUser(), Path.Combine(_binaries, "initdb"), "-D", DataFolder, "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync",
                "--auth=scram-sha-256", $"--pwfile={passwordFile}"]);
    }

    /// <summary>Starts the server and waits until it is ready.</summary>
    /// <returns>Null, or what it said before it ended.</returns>
    private async Task<string?> TryStartAsync(int port)
    {
        // What does not survive this process anyway need not reach the disk.
        string[] unsafeSettings = _isDurable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
        string[] server =
        [
            .. AsServerUser(), Path.Combine(_binaries, "postgres"), "-D", DataFolder, "-c", "listen_addresses=127.0.0.1", "-c", $"port={port}",
            "-c", "unix_socket_directories=", .. unsafeSettings,
        ];
        var output = new ConcurrentQueue<string>();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var guard = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Guard, "guard", .. server])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = "/",
            },
        };
        guard.OutputDataReceived += (_, line) =>
        {
            output.Enqueue(line.Data ?? string.Empty);
            if (line.Data is null)
            {
                ready.TrySetResult(false);
            }
            else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult(true);
            }
        };
        guard.Start();
        _guard = guard;
        guard.BeginOutputReadLine();
        if (await ready.Task.WaitAsync(Patience))
        {
            return null;
        }

        await StopAsync();
        return string.Join('\n', output);
    }
}
