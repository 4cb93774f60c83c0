using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerSync.Bench.SocketIO;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.SocketIO;

/// <summary>The echo server on a free port, and the requests of a polling client to it.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SocketIOEchoServer _server;
    private readonly RecordingLoggerProvider _log;
    private readonly HttpClient _http;

    private EchoHost(SocketIOEchoServer server, RecordingLoggerProvider log)
    {
        _server = server;
        _log = log;
        _http = new HttpClient { BaseAddress = server.Address, Timeout = Patience };
    }

    internal Uri Address => _server.Address;

    internal IServiceProvider Services => _server.Services;

    /// <summary>The sessions of both paths.</summary>
    internal int Sessions => _server.Services.GetServices<ISocketDialect>().OfType<EngineServer>().Sum(static engine => engine.Count);

    /// <summary>A session that is open.</summary>
    internal EngineSession Session(string path, string sid) =>
        _server.Services.GetServices<ISocketDialect>().OfType<EngineServer>().Single(engine => engine.Paths.Contains(path)).Find(sid)
        ?? throw new InvalidOperationException("There is no such session.");

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<EchoHost> StartAsync(SocketIOEchoOptions? options = null)
    {
        var log = new RecordingLoggerProvider();
        options = (options ?? new SocketIOEchoOptions()) with
        {
            Logging = logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug),
            MeterName = $"PeerSync.Tests.{Guid.NewGuid():N}",
        };
        return new EchoHost(await SocketIOEchoServer.StartAsync(options, Cancel), log);
    }

    /// <summary>The target of a polling request.</summary>
    internal static string Target(string path, string? sid = null) => $"{path}?EIO=4&transport=polling{(sid is null ? string.Empty : $"&sid={sid}")}";

    /// <summary>The target of an upgrade.</summary>
    internal static string Upgrade(string path, string? sid = null) => $"{path}?EIO=4&transport=websocket{(sid is null ? string.Empty : $"&sid={sid}")}";

    /// <summary>Opens a session that polls.</summary>
    /// <returns>Its id.</returns>
    internal async Task<string> OpenAsync(string path)
    {
        var (status, body) = await PollAsync(Target(path));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("0{", body, StringComparison.Ordinal);
        using var open = JsonDocument.Parse(body.AsMemory(1));
        return open.RootElement.GetProperty("sid").GetString()!;
    }

    internal async Task<(HttpStatusCode Status, string Body)> PollAsync(string target, CancellationToken cancellationToken = default)
    {
        using var response = await _http.GetAsync(new Uri(target, UriKind.Relative), cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    internal async Task<(HttpStatusCode Status, string Body)> PostAsync(string target, string body, string contentType = "text/plain")
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        using var response = await _http.PostAsync(new Uri(target, UriKind.Relative), content, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, Cancel);

    /// <summary>Sends packets, which the server takes.</summary>
    internal async Task SayAsync(string path, string sid, string payload) =>
        Assert.Equal((HttpStatusCode.OK, "ok"), await PostAsync(Target(path, sid), payload));

    /// <summary>The next poll's payload.</summary>
    internal async Task<string> HearAsync(string path, string sid)
    {
        var (status, body) = await PollAsync(Target(path, sid), Cancel);
        Assert.True(status == HttpStatusCode.OK, $"Polling was answered with {status} {body}");
        return body;
    }

    /// <summary>Polls until there have been this many packets.</summary>
    internal async Task<List<string>> HearAsync(string path, string sid, int packets)
    {
        var heard = new List<string>();
        while (heard.Count < packets)
        {
            heard.AddRange((await HearAsync(path, sid)).Split('\u001e'));
        }

        return heard;
    }

    /// <summary>The session is gone, so that another poll is refused.</summary>
    internal async Task ExpectUnknownAsync(string path, string sid) =>
        Assert.Equal((HttpStatusCode.BadRequest, """{"code":1,"message":"Session ID unknown"}"""), await PollAsync(Target(path, sid)));

    /// <summary>Opens a WebSocket and reads its open packet.</summary>
    internal async Task<RawSocket> ConnectAsync(string path)
    {
        var socket = await RawSocket.OpenAsync(Address, Upgrade(path));
        var open = await socket.ExpectAsync(PeerSync.Protocol.WebSockets.WebSocketOpcode.Text);
        Assert.StartsWith("0{", open.Text, StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Opens a WebSocket beside a polling session and probes it.</summary>
    internal async Task<RawSocket> ProbeAsync(string path, string sid)
    {
        var socket = await RawSocket.OpenAsync(Address, Upgrade(path, sid));
        await socket.SendAsync("2probe");
        await socket.ExpectTextAsync("3probe");
        return socket;
    }

    /// <summary>Stops the server, as a signal would.</summary>
    internal Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        Assert.True(_log.Errors.Count == 0, string.Join(Environment.NewLine, _log.Errors));
    }
}
