#pragma warning disable IDE0005 // The tests compile this file too, and lack the global usings that the web SDK brings here.
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Metrics;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
#pragma warning restore IDE0005

namespace PeerSync.Bench.SocketIO;

/// <summary>The server's own Engine.IO and Socket.IO with nothing on them but echoes, for checks from outside.</summary>
internal sealed class SocketIOEchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ActorSystem _system;
    private readonly AddressLimits _limits;

    private SocketIOEchoServer(WebApplication app, ActorSystem system, AddressLimits limits)
    {
        _app = app;
        _system = system;
        _limits = limits;
    }

    /// <summary>Where it listens.</summary>
    internal Uri Address { get; private set; } = null!;

    internal IServiceProvider Services => _app.Services;

    /// <summary>Listens on the loopback interface.</summary>
    /// <param name="options">The port, the parameters of both paths, and the namespaces.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    internal static async Task<SocketIOEchoServer> StartAsync(SocketIOEchoOptions options, CancellationToken cancellationToken)
    {
        var system = ActorSystem.Create("echo", new ActorSystemSettings { TimeProvider = options.Time });
        var limits = new AddressLimits(enabled: false, 1, TimeSpan.FromSeconds(1), 1);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        options.Logging(builder.Logging);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets();
        builder.Services.Configure<SocketTransportOptions>(static transport => transport.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddPeerSyncMetrics(new TelemetryOptions { MeterName = options.MeterName });
        builder.Services.AddPeerSyncHttp(new PeerSyncHttpOptions());
        builder.Services.AddEngineIO(options.Engine with { Feature = "engineio", Path = "/engine.io/" }, static _ => new EngineEcho());
        builder.Services.AddEngineIO(
            options.Engine with { Feature = "socketio", Path = "/socket.io/" }, _ => new SocketIOServer(options.SocketIO, system, options.Namespaces));
        builder.Services.AddSingleton(provider => new SocketServer(
            options.Sockets,
            [],
            provider.GetServices<ISocketDialect>(),
            limits,
            provider.GetRequiredService<PeerSyncMetrics>(),
            system,
            options.Time,
            provider.GetRequiredService<ILogger<SocketServer>>()));
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options.Port));
        var app = builder.Build();
        app.UseEngineIO();
        app.Run(static context => HttpErrors.WriteNoRouteAsync(context));
        var server = new SocketIOEchoServer(app, system, limits);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Tells all clients to go, and stops listening.</summary>
    internal async Task StopAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.Services.GetRequiredService<SocketServer>().DrainAsync(TimeSpan.Zero, deadline.Token);
        await _app.StopAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        await _system.Terminate();
        _limits.Dispose();
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, int port)
    {
        var sockets = kestrel.ApplicationServices.GetRequiredService<SocketServer>();
        var addresses = kestrel.ApplicationServices.GetRequiredService<ClientAddresses>();
        kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http1;
            listen.Use(next => new FirstRequestUpgrade(sockets, ServerFeatures.All, addresses, next).OnConnectionAsync);
        });
    }
}
