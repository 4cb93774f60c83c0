using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PeerSync.Bench.Load.Sockets;

namespace PeerSync.Bench.Load.Targets;

/// <summary>
/// A server that the bench has started. It is ended by its process id: when it is disposed of, and, whatever happens, when the
/// bench itself ends.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<int, ServerProcess> Running = new();

    private readonly Process _process;
    private readonly string? _dataFolder;
    private readonly ConcurrentQueue<string> _output = new();
    private int _users;
    private int _connections;

    private ServerProcess(Process process, int port, string? dataFolder)
    {
        _process = process;
        _dataFolder = dataFolder;
        Port = port;
        Id = process.Id;
        Running[Id] = this;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id { get; }

    public int Port { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a server and waits until <c>GET /health</c> answers.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="port">The port on 127.0.0.1 that the server was told.</param>
    /// <param name="dataFolder">A temporary folder that is deleted once the server has ended.</param>
    /// <param name="cancellationToken">Gives up waiting; the server is ended then.</param>
    public static async Task<ServerProcess> StartAsync(
        ProcessStartInfo start, int port, string? dataFolder, CancellationToken cancellationToken)
    {
        var server = Spawn(start, port, dataFolder);
        try
        {
            await server.WaitUntilHealthyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server and does not wait for it; the arguments are those of <see cref="StartAsync"/>.</summary>
    public static ServerProcess Spawn(ProcessStartInfo start, int port, string? dataFolder)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        // The comparison servers end when this pipe does, so that not even kill -9 on the bench leaves them behind.
        start.RedirectStandardInput = true;
        start.UseShellExecute = false;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        return new ServerProcess(process, port, dataFolder);
    }

    /// <summary>A port that was free on all addresses a moment ago: a closed connection of the client keeps its own for a minute.</summary>
    public static int FreePort()
    {
        using var listener = TcpListener.Create(0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends everything that still runs, at once: the last resort when the bench itself is ended.</summary>
    public static void KillAll()
    {
        foreach (var server in Running.Values)
        {
            _ = Libc.Kill(server.Id, Libc.SignalKill);
            server.DeleteData();
        }
    }

    /// <summary>The number of a user whom this server has not seen yet. May be called from any thread.</summary>
    public int NextUser() => Interlocked.Increment(ref _users);

    /// <summary>
    /// The address to connect from: another one of 127/8 every 20,000 connections, because one address has about 28,000 ports and
    /// a closed connection keeps its port for a minute. May be called from any thread.
    /// </summary>
    public IPAddress NextSource()
    {
        var block = Interlocked.Increment(ref _connections) / 20_000;
        return new IPAddress([127, 0, (byte)(1 + (block / 250)), (byte)(1 + (block % 250))]);
    }

    /// <summary>The last lines that the server has printed.</summary>
    public string Output() => string.Join('\n', _output);

    /// <summary>Sends a signal, which the server cannot answer but must bear.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
        {
            _ = Libc.Kill(Id, signal);
        }
    }

    /// <summary>Ends the server at once, without a chance to put anything in order; completes when it is gone.</summary>
    public async Task KillAsync()
    {
        Signal(Libc.SignalKill);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(Id, out _))
        {
            return;
        }

        if (!_process.HasExited)
        {
            _ = Libc.Kill(Id, Libc.SignalTerminate);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _ = Libc.Kill(Id, Libc.SignalKill);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        DeleteData();
    }

    /// <summary>Waits until <c>GET /health</c> answers.</summary>
    /// <exception cref="InvalidOperationException">The server has ended instead.</exception>
    public async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/health"));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartLimit)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server ended with code {_process.ExitCode} while it started:\n{Output()}");
            }

            try
            {
                using var answer = await http.GetAsync(address, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Listening, but too busy starting to answer.
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException($"The server did not answer {address} within {StartLimit.TotalSeconds} s:\n{Output()}");
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        while (_output.Count > KeptLines)
        {
            _ = _output.TryDequeue(out _);
        }
    }

    private void DeleteData()
    {
        try
        {
            if (_dataFolder is not null && Directory.Exists(_dataFolder))
            {
                Directory.Delete(_dataFolder, recursive: true);
            }
        }
        catch (IOException)
        {
            // A file that is still being written stays in the system's temporary folder, which is cleaned by the system.
        }
    }
}
