using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using PeerSync.Actors.Peers;
using PeerSync.Actors.Retention;
using PeerSync.Host.Admin;
using PeerSync.Host.Calls;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.Identity;
using PeerSync.Host.Metrics;
using PeerSync.Host.OpenApi;
using PeerSync.Host.Peers;
using PeerSync.Host.Rooms;
using PeerSync.Host.Sharing;
using PeerSync.Host.Sharing.Resp;
using PeerSync.Host.SocketIO;
using PeerSync.Host.Sockets;
using PeerSync.Host.Sync;
using PeerSync.Kernel;
using PeerSync.Storage;

namespace PeerSync.Host.Serving;

/// <summary>The whole server as one object: opens what it needs, listens, and takes everything down again in the reverse order.</summary>
internal sealed class PeerSyncServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataStore _store;
    private readonly IdentityServices _identity;
    private readonly ActorSystem _system;

    private PeerSyncServer(WebApplication app, DataStore store, IdentityServices identity, ActorSystem system)
    {
        _app = app;
        _store = store;
        _identity = identity;
        _system = system;
    }

    /// <summary>The addresses that are listened on, with the ports that the system chose where 0 was asked for; the admin listener's last.</summary>
    internal IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>Where Sharing's events are told over Redis's protocol; null where they are not.</summary>
    internal Uri? RespAddress => _app.Services.GetService<RespAddress>()?.Value;

    internal IServiceProvider Services => _app.Services;

    internal IdentityServices Identity => _identity;

    internal DataStore Store => _store;

    /// <summary>Opens the database, loads the keys and listens.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logging">Where the log goes.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="meterName">The meter's name; tests run several servers in one process, and meters are found by name there.</param>
    /// <param name="configure">Registers further services; the last registration of a service wins.</param>
    /// <exception cref="IdentityConfigurationException">The keys are missing or wrong.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot be opened.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    internal static async Task<PeerSyncServer> StartAsync(
        PeerSyncOptions options,
        TimeProvider time,
        Action<ILoggingBuilder> logging,
        CancellationToken cancellationToken,
        string meterName = "PeerSync",
        Action<IServiceCollection>? configure = null)
    {
        // The keys and the database come first: without them nothing shall listen. Their log goes where the server's will go.
        var loggers = LoggerFactory.Create(logging);
        var keys = new FeatureKeys(
            options.Serves(ServerFeatures.Sync) ? SyncServerKey.Load(options) : null,
            options.Serves(ServerFeatures.Rooms) ? RoomsKey.Load(options) : null,
            options.Serves(ServerFeatures.Calls) ? CallsKeys.Load(options) : null,
            options.Serves(ServerFeatures.Sharing) ? SharingKeys.Load(options) : null);
        var identity = IdentityServices.Create(OptionsMapping.Identity(options), time, loggers);
        var counters = new StorageCounters();
        DataStore? store = null;
        ActorSystem? system = null;
        WebApplication? app = null;
        try
        {
            store = await StorageFactory.OpenAsync(OptionsMapping.Storage(options), time, new StorageLog(loggers, counters), cancellationToken);
            var serialization = Serialization.Empty.WithSync();
            system = ActorSystem.Create("peersync", new ActorSystemSettings
            {
                TimeProvider = time,
                Journal = store.CreateJournal(serialization),
                SnapshotStore = store.CreateSnapshotStore(serialization),
            });
            app = Compose(options, OptionsMapping.Telemetry(options) with { MeterName = meterName }, time, logging, identity, keys, store, counters, system, configure);
            system.ActorOf(Props.Create(() => new KernelEventsActor(
                app.Services.GetRequiredService<ILogger<KernelEventsActor>>(), app.Services.GetRequiredService<PeerSyncMetrics>())));
            system.ActorOf(Props.Create(() => new RetentionActor(store.Audit, options.Storage.AuditRetention, time)));
            identity.Start();
            await app.StartAsync(cancellationToken);
            return new PeerSyncServer(app, store, identity, system) { Addresses = ReadAddresses(app, options) };
        }
        catch
        {
            await DisposeAllAsync(app, system, store, identity);
            throw;
        }
    }

    /// <summary>Completes when the process is asked to stop, after the server has stopped.</summary>
    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Drains and stops listening, within the configured deadline.</summary>
    internal Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => DisposeAllAsync(_app, _system, _store, _identity);

    private static async ValueTask DisposeAllAsync(WebApplication? app, ActorSystem? system, DataStore? store, IdentityServices identity)
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        if (system is not null)
        {
            await system.Terminate();
        }

        // Last, because the actors' last writes still go there.
        if (store is not null)
        {
            await store.DisposeAsync();
        }

        await identity.DisposeAsync();
    }

    private static WebApplication Compose(
        PeerSyncOptions options,
        TelemetryOptions telemetry,
        TimeProvider time,
        Action<ILoggingBuilder> logging,
        IdentityServices identity,
        FeatureKeys keys,
        DataStore store,
        StorageCounters counters,
        ActorSystem system,
        Action<IServiceCollection>? configure)
    {
        // The empty builder reads no settings of its own: what is not in the configuration file does not apply.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = options.Environment });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseSockets();
        builder.Services.Configure<SocketTransportOptions>(static transport =>
        {
            // A message's whole way runs on the thread that received it; the pipes' own hops to other threads would cost more than the work.
            // Nothing on that way blocks.
            transport.UnsafePreferInlineScheduling = true;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Shutdown.Timeout);
        AddServices(builder.Services, options, telemetry, time, identity, store, counters, system);
        if (keys.Rooms is { } roomsKey)
        {
            builder.Services.AddRooms(options, roomsKey, store, system);
        }

        if (keys.Sync is { } syncKey)
        {
            builder.Services.AddSync(OptionsMapping.Sync(options), syncKey);
            builder.Services.AddSyncActors(options, store, system);
        }

        if (keys.Calls is { } callsKeys)
        {
            builder.Services.AddCalls(options, callsKeys, store, system);
        }

        if (keys.Sharing is { } sharingKeys)
        {
            builder.Services.AddSharing(options, sharingKeys, store, system);
        }

        configure?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel((_, kestrel) => Listeners.Configure(kestrel, options, kestrel.ApplicationServices));

        var app = builder.Build();
        app.UseRouting();
        app.Use(static next => context => OnlyServed(context, next));
        if (keys.Rooms is not null)
        {
            app.UseRooms();
        }

        if (keys.Sync is not null)
        {
            app.UseSync();
        }

        if (keys.Calls is not null)
        {
            app.UseEngineIO();
            app.UseCalls();
        }

        if (keys.Sharing is not null)
        {
            app.UseSharing();
        }

        app.UsePeerSyncHttp();
        app.Use(UpgradeOr404);
        app.MapHealthEndpoints();
        app.MapMetricsEndpoint(AdminListener.Serves);
        app.MapPeersEndpoints();
        if (keys.Rooms is not null)
        {
            app.MapRooms();
        }

        if (keys.Sync is not null)
        {
            app.MapSyncEndpoints();
            app.Services.StartSync(options, store, system);
        }

        if (keys.Calls is not null)
        {
            app.MapCalls(options, store, system);
        }

        if (keys.Sharing is not null)
        {
            app.MapSharing();
            app.Services.StartSharingRetention(options, system);
        }

        // Nobody asks them for anything: their instruments only have to exist.
        app.Services.GetRequiredService<PeersMetrics>();
        app.Services.GetRequiredService<StorageMetrics>();
        app.Services.GetRequiredService<AdminEndpoints>().Map(app);
        app.MapOpenApi(options);
        return app;
    }

    private static void AddServices(
        IServiceCollection services,
        PeerSyncOptions options,
        TelemetryOptions telemetry,
        TimeProvider time,
        IdentityServices identity,
        DataStore store,
        StorageCounters counters,
        ActorSystem system)
    {
        services.AddSingleton(options);
        services.AddSingleton(time);
        services.AddSingleton(identity);
        services.AddSingleton(identity.Verifier);
        services.AddSingleton(store);
        services.AddSingleton(counters);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton(store.Peers);
        services.AddSingleton(store.Audit);
        services.AddSingleton(system);

        services.AddPeerSyncMetrics(telemetry);
        services.AddPeerSyncHttp(OptionsMapping.Http(options));
        services.AddPeerSyncHealth(new HealthOptions { Environment = options.Environment });
        services.AddSingleton<IReadinessCheck, StorageReadinessCheck>();
        services.AddSingleton<IReadinessCheck, IdentityReadinessCheck>();

        services.AddSingleton(OptionsMapping.Peers(options));
        services.AddSingleton<PeersCounters>();
        services.AddSingleton<PeersMetrics>();
        services.AddSingleton<PeersRegions>(provider => PeersRegions.Start(
            system, provider.GetRequiredService<Actors.Peers.PeersSettings>(), store.Peers, provider.GetRequiredService<PeersCounters>()));
        services.AddSingleton(options.RateLimits);
        services.AddSingleton<IPeersLimits, PeersLimits>();
        services.AddSingleton<PeersServices>();
        services.AddSingleton<INetworkChanges, NetworkChanges>();
        services.AddPeersHttp(OptionsMapping.Joins(options));
        if (options.Serves(ServerFeatures.Peers))
        {
            services.AddSingleton<ISocketDialect>(provider => new PeersDialect(options.WebSocket.Path, provider.GetRequiredService<PeersServices>()));
        }

        services.AddSingleton(provider => new SocketServer(
            OptionsMapping.Sockets(options),
            options.WebSocket.Origins,
            provider.GetServices<ISocketDialect>(),
            OptionsMapping.Addresses(options),
            provider.GetRequiredService<PeerSyncMetrics>(),
            system,
            time,
            provider.GetRequiredService<ILogger<SocketServer>>()));
        services.AddSingleton<AdminEndpoints>();
        services.AddSingleton(new DrainOptions(options.Shutdown.Timeout * 0.75, options.Shutdown.Spread));
        services.AddHostedService<DrainService>();
    }

    // A listener that names features has the routes of those alone; what several features share is everywhere.
    private static Task OnlyServed(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IFeatureRoute>() is { } route && (route.Feature & ListenerFeatures.Of(context)) == 0)
        {
            context.SetEndpoint(null);
        }

        return next(context);
    }

    private static async Task UpgradeOr404(HttpContext context, RequestDelegate next)
    {
        var sockets = context.RequestServices.GetRequiredService<SocketServer>();
        if (AdminListener.Serves(context) || !await UpgradeEndpoint.TryHandleAsync(context, sockets, context.RequestServices.GetRequiredService<IClientAddresses>()))
        {
            await next(context);
        }
    }

    private static List<Uri> ReadAddresses(WebApplication app, PeerSyncOptions options)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var addresses = bound.Select(static address => new Uri(address.Replace("[::]", IPAddress.Loopback.ToString(), StringComparison.Ordinal)
            .Replace("0.0.0.0", IPAddress.Loopback.ToString(), StringComparison.Ordinal))).ToList();

        // It stands among the others as if it spoke HTTP.
        if (app.Services.GetService<RespAddress>() is { IsWanted: true } resp)
        {
            var index = options.Listeners.Count;
            resp.Value = new UriBuilder(addresses[index]) { Scheme = resp.UsesTls ? "rediss" : "redis" }.Uri;
            addresses.RemoveAt(index);
        }

        return addresses;
    }

    /// <summary>What features sign with; null for those that no listener serves.</summary>
    private sealed record FeatureKeys(SyncServerKey? Sync, RoomsKey? Rooms, CallsKeys? Calls, SharingKeys? Sharing);
}
