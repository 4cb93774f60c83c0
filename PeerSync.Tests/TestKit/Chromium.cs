using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeerSync.Tests.TestKit;

/// <summary>A headless Chromium as Linux distributions package it, spoken to in the DevTools protocol over pipes. Thread-safe.</summary>
/// <remarks>The system closes the pipes however this process ends, and the browser ends with them.</remarks>
internal sealed class Chromium : IAsyncDisposable
{
    public const string Missing = "Chromium (chromium, chromium-browser or google-chrome) was not found in PATH.";

    // The browser reads the protocol from descriptor 3 and writes it to 4. The shell makes them of those that a process can be given here.
    private const string Launcher = "exec \"$@\" 3<&0 4>&1 > /dev/null";

    private const int KeptErrors = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Options =
    [
        "--headless",
        "--remote-debugging-pipe",

        // As root there is no sandbox, nor in most containers, whose /dev/shm is small besides; the pages are the tests' own.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",

        // Nothing that asks the network for anything, or the user.
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-breakpad",

        // Only one tab is in front; the others have to work as fast.
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",

        // So that peer connections open on a machine without a network too, and calls find a camera and a microphone.
        "--allow-loopback-in-peer-connection",
        "--use-fake-device-for-media-stream",
    ];

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _calls = new();
    private readonly ConcurrentDictionary<string, Action<string, JsonObject>> _listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly string _profile = Directory.CreateTempSubdirectory("peersync-chromium-").FullName;
    private readonly Process _process;
    private Task _reader = Task.CompletedTask;
    private int _lastCall;

    private Chromium(string program) => _process = new Process
    {
        StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Launcher, "chromium", program, .. Options, $"--user-data-dir={_profile}", "about:blank"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    };

    /// <summary>Where the browser is on this machine, or null.</summary>
    internal static string? FindProgram()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] names = ["chromium", "chromium-browser", "google-chrome"];
        return names.SelectMany(name => folders, (name, folder) => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts a browser; completes when it answers.</summary>
    internal static async Task<Chromium> StartAsync(string program)
    {
        var browser = new Chromium(program);
        try
        {
            browser.Start();

            // A page that may use camera and microphone also tells its peers the addresses of all interfaces. Otherwise it hides them behind names
            // that only multicast DNS resolves, which is not there on every network.
            await browser.CallAsync("Browser.grantPermissions", new JsonObject { ["permissions"] = new JsonArray("audioCapture", "videoCapture") });
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a method of the protocol.</summary>
    /// <param name="method">Its name, with the domain.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="session">The page that it is for; null for the browser.</param>
    /// <exception cref="InvalidOperationException">The browser refused.</exception>
    /// <exception cref="IOException">The browser has ended.</exception>
    /// <exception cref="TimeoutException">The browser did not answer.</exception>
    internal async Task<JsonObject> CallAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _lastCall);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            await WriteAsync([.. JsonSerializer.SerializeToUtf8Bytes(message), 0]);
            if (_reader.IsCompleted)
            {
                throw Ended();
            }

            var received = await answer.Task.WaitAsync(Patience);
            return received["error"] is { } error
                ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
                : received["result"]!.AsObject();
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s for Chromium to answer {method}.{SaidLast()}");
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Has a page's events told, by name and parameters, from the browser's reader, which must not be kept waiting.</summary>
    internal void Listen(string session, Action<string, JsonObject> listener) => _listeners[session] = listener;

    /// <summary>Ends <see cref="Listen"/>.</summary>
    internal void Ignore(string session) => _listeners.TryRemove(session, out _);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            // Ends with the last process of the browser, because all have its error output.
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
        }

        await _reader;
        _process.Dispose();
        _writing.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private void Start()
    {
        _process.ErrorDataReceived += (process, line) =>
        {
            _errors.Enqueue(line.Data ?? string.Empty);
            if (_errors.Count > KeptErrors)
            {
                _errors.TryDequeue(out _);
            }
        };
        _process.Start();
        _process.BeginErrorReadLine();
        _reader = ReadAsync(PipeReader.Create(_process.StandardOutput.BaseStream));
    }

    private async Task WriteAsync(byte[] message)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(message);
            await _process.StandardInput.BaseStream.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync(PipeReader input)
    {
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)0) is { } end)
                {
                    Handle(JsonNode.Parse(buffer.Slice(0, end).ToArray())!.AsObject());
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            foreach (var (_, call) in _calls)
            {
                call.TrySetException(Ended());
            }
        }
    }

    private void Handle(JsonObject message)
    {
        if ((int?)message["id"] is { } id)
        {
            if (_calls.TryGetValue(id, out var call))
            {
                call.TrySetResult(message);
            }
        }
        else if ((string?)message["sessionId"] is { } session && _listeners.TryGetValue(session, out var listener))
        {
            listener((string)message["method"]!, message["params"]!.AsObject());
        }
    }

    private IOException Ended() => new("Chromium has ended." + SaidLast());

    private string SaidLast() => " It said last:" + Environment.NewLine + string.Join(Environment.NewLine, _errors);
}
