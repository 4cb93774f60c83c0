using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PeerSync.Bench.Load.Sockets;
using PeerSync.Bench.Load.Targets;

namespace PeerSync.Bench.Crash;

/// <summary>The server under test, which may die and come back on the same port with the same data.</summary>
internal sealed class CrashServer : IAsyncDisposable
{
    // Below the ports that Linux gives to outgoing connections: one of them could take the server's while it is away, even by connecting to itself.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private readonly string _program;
    private readonly string _dataFolder;
    private readonly int _port = FindPort(except: 0);
    private readonly int _signalingPort;
    private readonly string? _databaseUrl;
    private readonly string _settings;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private ServerProcess? _process;

    /// <param name="program">The server's program.</param>
    /// <param name="dataFolder">Its data folder, which is left as it is at the end.</param>
    /// <param name="databaseUrl">The address of its PostgreSQL database; null for SQLite.</param>
    /// <param name="settings">Further settings, in HOCON.</param>
    public CrashServer(string program, string dataFolder, string? databaseUrl, string settings = "")
    {
        _program = program;
        _dataFolder = dataFolder;
        _databaseUrl = databaseUrl;
        _settings = settings;
        _signalingPort = FindPort(except: _port);
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{_port}/ws"));
    }

    /// <summary>Where devices connect.</summary>
    public Uri Address { get; }

    /// <summary>The last lines that the server has printed.</summary>
    public string Output => _process?.Output() ?? string.Empty;

    public bool HasExited => _process?.HasExited ?? true;

    /// <summary>The server's process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Starts the server and does not wait for it.</summary>
    public void Spawn()
    {
        var settings = Path.Combine(_dataFolder, "crash.conf");
        File.WriteAllText(settings, _settings);
        var server = PeerSyncStart.Create(_program, _port, _signalingPort, _dataFolder);

        // A write beyond a limit on the size of files is then an error to be handled, as on a full disk, and not the end.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", server.FileName, .. server.ArgumentList, "--config", settings])
        {
            WorkingDirectory = _dataFolder,
        };
        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = value;
        }

        // Whoever runs this may have asked for code that is optimized at once; a start would then outlast the time between two kills.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["ADMIN_URL"] = "off";
        start.Environment["DATABASE_URL"] = _databaseUrl;
        _process = ServerProcess.Spawn(start, _port, dataFolder: null);
    }

    /// <summary>Starts the server; completes when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Spawn();
        await _process!.WaitUntilHealthyAsync(cancellationToken);
    }

    /// <summary>Ends the server with SIGKILL; completes when it is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            await process.KillAsync();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Lets the server stand still (SIGSTOP) until <see cref="Continue"/>.</summary>
    public void Stop() => _process!.Signal(Libc.SignalStop);

    /// <summary>Lets the server go on.</summary>
    public void Continue() => _process!.Signal(Libc.SignalContinue);

    /// <summary>Asks the server whether it wants clients.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new UriBuilder(Address) { Scheme = "http", Path = "/health/ready" }.Uri, cancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.ServiceUnavailable => false,
            _ => throw new InvalidDataException($"/health/ready answered {answer.StatusCode}."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
    }

    private static int FindPort(int except)
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(FirstPort, LastPort));
                listener.Start();
                if (((IPEndPoint)listener.LocalEndpoint).Port is var port && port != except)
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
