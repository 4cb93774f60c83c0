using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PeerSync.Tests.TestKit;

/// <summary>Serves documents to a browser. From the loopback interface, because only there, or over TLS, a page may use what browsers keep from others.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _documents = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private PageServer(WebApplication app) => _app = app;

    internal static async Task<PageServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new PageServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Gives a document an address.</summary>
    internal Uri Publish(string html)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/{Guid.NewGuid():N}");
        _documents[path] = html;
        return new Uri(_app.Urls.Single() + path);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        if (_documents.TryGetValue(context.Request.Path.Value ?? string.Empty, out var document))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(document);
        }

        // The icon that browsers ask for.
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
