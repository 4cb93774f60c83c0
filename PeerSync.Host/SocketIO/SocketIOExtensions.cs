using PeerSync.Host.Admin;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.SocketIO;

/// <summary>Composes Engine.IO paths with the server.</summary>
internal static class SocketIOExtensions
{
    /// <summary>Registers one path. Needs the <see cref="SocketServer"/>, <see cref="IClientAddresses"/> and <c>AddPeerSyncMetrics</c> beside it.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="options">The path and its parameters.</param>
    /// <param name="application">What is spoken there; mostly a <see cref="SocketIOServer"/>.</param>
    public static IServiceCollection AddEngineIO(
        this IServiceCollection services, EngineOptions options, Func<IServiceProvider, IEngineApplication> application)
    {
        services.AddSingleton<ISocketDialect>(provider => new EngineServer(
            options,
            application(provider),
            provider.GetRequiredService<PeerSyncMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EngineServer>>()));
        services.AddHostedService<EngineDrainService>();
        return services;
    }

    /// <summary>
    /// Serves the registered paths. To be placed before what the other routes share: these have limits of their own, and the requests of a polling client
    /// are not what the rate limit per address is about.
    /// </summary>
    public static IApplicationBuilder UseEngineIO(this IApplicationBuilder app)
    {
        var sockets = app.ApplicationServices.GetRequiredService<SocketServer>();
        var addresses = app.ApplicationServices.GetRequiredService<IClientAddresses>();
        var routes = new Dictionary<string, CorsMiddleware>(StringComparer.Ordinal);
        foreach (var engine in app.ApplicationServices.GetServices<ISocketDialect>().OfType<EngineServer>())
        {
            var endpoint = new EngineEndpoint(engine, sockets, addresses);
            var cors = new CorsMiddleware(endpoint.HandleAsync, new PeerSyncHttpOptions { Cors = engine.Options.Cors });
            foreach (var path in engine.Paths)
            {
                routes.Add(path, cors);
            }
        }

        return app.Use(next => context =>
            context.Request.Path.Value is { } path
            && routes.TryGetValue(path, out var route)
            && !AdminListener.Serves(context)
            && sockets.Knows(path, ListenerFeatures.Of(context))
                ? route.InvokeAsync(context)
                : next(context));
    }
}
