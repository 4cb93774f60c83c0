using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PeerSync.Tests.Identity;

/// <summary>A real HTTP server on the loopback interface that publishes a key set, or fails to, and counts who asks.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _arrived = new(0);
    private int _requests;

    private KeyServer(WebApplication app) => _app = app;

    public string Url { get; private set; } = string.Empty;

    public Uri Address => new(Url + "/auth/v1/.well-known/jwks.json");

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers a request; the default publishes <see cref="Document"/>.</summary>
    public Func<HttpContext, Task>? Respond { get; set; }

    public string Document { get; set; } = """{"keys":[]}""";

    public static async Task<KeyServer> StartAsync(params string[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new KeyServer(app) { Document = TestKeys.KeySet(keys) };
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Url = app.Urls.Single();
        return server;
    }

    /// <summary>Waits until one more request has arrived.</summary>
    public async Task NextRequestAsync() =>
        Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(10)), $"no further request arrived after {Requests}");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        _arrived.Release();
        if (Respond is not null)
        {
            return Respond(context);
        }

        Assert.Equal("/auth/v1/.well-known/jwks.json", context.Request.Path.Value);
        return context.Response.WriteAsync(Document);
    }
}
