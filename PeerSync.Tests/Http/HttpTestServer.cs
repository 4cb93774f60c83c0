using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PeerSync.Actors.Identity;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Peers;
using PeerSync.Storage.Peers;
using PeerSync.Tests.Peers;

namespace PeerSync.Tests.Http;

/// <summary>A real Kestrel on a free port of the loopback, composed as the host composes itself, with doubles for storage and tokens.</summary>
internal sealed class HttpTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CapturedLogs _logs;
    private readonly HttpTestSetup _setup;

    private HttpTestServer(WebApplication app, CapturedLogs logs, HttpTestSetup setup)
    {
        _app = app;
        _logs = logs;
        _setup = setup;
        Tokens = (ScriptedTokenVerifier)app.Services.GetRequiredService<ITokenVerifier>();
        Directory = (DictionaryPeerDirectory)app.Services.GetRequiredService<IPeerDirectory>();
        Changes = (RecordedNetworkChanges)app.Services.GetRequiredService<INetworkChanges>();
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = Address,
            Timeout = TestTime.Limit,
        };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IReadOnlyCollection<string> Logs => _logs.Entries;

    public IServiceProvider Services => _app.Services;

    public ScriptedTokenVerifier Tokens { get; }

    public DictionaryPeerDirectory Directory { get; }

    public RecordedNetworkChanges Changes { get; }

    public static async Task<HttpTestServer> StartAsync(HttpTestSetup? setup = null)
    {
        setup ??= new HttpTestSetup();
        var logs = new CapturedLogs();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(setup.Time);
        builder.Services.AddPeerSyncMetrics(setup.Telemetry);
        builder.Services.AddPeerSyncHttp(setup.Http);
        builder.Services.AddPeerSyncHealth(setup.Health);
        builder.Services.AddPeersHttp(setup.JoinLimits);
        foreach (var check in setup.Checks)
        {
            builder.Services.AddSingleton(check);
        }

        builder.Services.AddSingleton<ITokenVerifier, ScriptedTokenVerifier>();
        builder.Services.AddSingleton<IPeerDirectory, DictionaryPeerDirectory>();
        builder.Services.AddSingleton<INetworkChanges, RecordedNetworkChanges>();
        var app = builder.Build();
        app.UsePeerSyncHttp();
        app.MapPeersEndpoints();
        app.MapHealthEndpoints();
        app.MapMetricsEndpoint(setup.IsOnAdminListener);
        setup.Map(app);

        await app.StartAsync();
        return new HttpTestServer(app, logs, setup);
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Address.GetLeftPart(UriPartial.Authority) + path) { Content = content };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        Assert.DoesNotContain(_logs.Entries, entry => !_setup.ExpectedLogs.Any(expected => entry.Contains(expected, StringComparison.Ordinal)));
    }
}
