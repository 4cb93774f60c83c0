using PeerSync.Actors.Rooms;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;
using PeerSync.Host.Sockets;
using PeerSync.Host.Turn;
using PeerSync.Kernel;
using PeerSync.Protocol.Rooms;
using PeerSync.Storage;

namespace PeerSync.Host.Rooms;

/// <summary>Puts the Rooms feature together.</summary>
internal static class RoomsComposition
{
    /// <summary>Registers the actors, the dialect and the endpoints.</summary>
    internal static IServiceCollection AddRooms(this IServiceCollection services, PeerSyncOptions options, RoomsKey key, DataStore store, ActorSystem system)
    {
        var settings = Settings(options);
        services.AddSingleton(key);
        services.AddSingleton(settings);
        services.AddSingleton<RoomsCounters>();
        services.AddSingleton<RoomsMetrics>();
        services.AddSingleton(provider => new RoomsRevocations(
            store.RevokedRoomTokens, options.Rooms.TokenLifetime, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RoomsRevocations>>()));
        services.AddSingleton<IRoomsRevocations>(provider => provider.GetRequiredService<RoomsRevocations>());
        services.AddHostedService(provider => provider.GetRequiredService<RoomsRevocations>());
        services.AddSingleton(provider => new RoomsAudit(store.Audit, provider.GetRequiredService<ILogger<RoomsAudit>>()));
        services.AddSingleton<IRoomsAudit>(provider => provider.GetRequiredService<RoomsAudit>());
        services.AddHostedService(provider => provider.GetRequiredService<RoomsAudit>());
        services.AddSingleton(provider => new RoomsTokens(key.Key, options.Rooms.TokenLifetime, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new IceServers(options.Turn, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new RoomsTokenLimit(options.RateLimits.Enabled, options.Rooms.Tokens));
        services.AddSingleton(provider => RoomsRegions.Start(
            system, settings, provider.GetRequiredService<RoomsCounters>(), provider.GetRequiredService<IRoomsAudit>()));
        services.AddSingleton<RoomsServices>();
        services.AddSingleton<ISocketDialect>(provider => new RoomsDialect(
            options.WebSocket.Path, Limits(options), provider.GetRequiredService<RoomsServices>()));
        services.AddSingleton(RoomsMemoryLimits.Of(options));
        services.AddHostedService(provider => new RoomsMemoryGuard(
            provider.GetRequiredService<RoomsMemoryLimits>(),
            static () => GC.GetTotalMemory(forceFullCollection: false),
            provider.GetRequiredService<RoomsCounters>(),
            provider.GetRequiredService<RoomsRegions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RoomsMemoryGuard>>()));
        services.AddSingleton<RoomsAccess>();
        services.AddSingleton<RoomsGuard>();
        services.AddSingleton<RoomsRepeats>();
        services.AddSingleton<RoomsEndpoints>();
        services.AddSingleton<RoomsTokenEndpoints>();
        services.AddSingleton<RoomsServerEndpoints>();
        services.AddSingleton<IHealthMembers, RoomsHealth>();
        return services;
    }

    /// <summary>Adds what runs the routes; routing comes before it, and the behaviour that other features share after it.</summary>
    internal static IApplicationBuilder UseRooms(this IApplicationBuilder app) => app.UseMiddleware<RoomsMiddleware>();

    /// <summary>Maps the routes.</summary>
    internal static void MapRooms(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var rooms = services.GetRequiredService<RoomsEndpoints>();
        var tokens = services.GetRequiredService<RoomsTokenEndpoints>();
        var server = services.GetRequiredService<RoomsServerEndpoints>();
        var guard = services.GetRequiredService<RoomsGuard>();
        Get("/", server.WriteRootAsync, RoomsDescriptions.Root);
        Get("/api/info", RoomsServerEndpoints.WriteInfoAsync, RoomsDescriptions.Info);
        Get("/api/stats", server.WriteStatsAsync, RoomsDescriptions.Stats);
        Get("/api/rooms", rooms.ListAsync, RoomsDescriptions.List);
        Post("/api/rooms", rooms.CreateAsync, RoomsDescriptions.Create);
        Post("/api/rooms/create", rooms.CreateNamedAsync, RoomsDescriptions.CreateNamed);
        Get("/api/rooms/{id}", rooms.ShowAsync, RoomsDescriptions.Show);
        Own(routes.MapDelete("/api/rooms/{id}", guard.Wrap(rooms.DeleteAsync)), RoomsDescriptions.Delete);
        Get("/api/rooms/{id}/stats", rooms.ShowStatsAsync, RoomsDescriptions.ShowStats);
        Get("/api/rooms/{id}/peers", rooms.ListPeersAsync, RoomsDescriptions.ListPeers);
        Post("/api/rooms/{id}/join", rooms.JoinAsync, RoomsDescriptions.Join);
        Post("/api/rooms/{id}/leave", rooms.LeaveAsync, RoomsDescriptions.Leave);
        Post("/api/rooms/{id}/operations", rooms.PostOperationAsync, RoomsDescriptions.PostOperation);
        Get("/api/rooms/{id}/operations", rooms.ListOperationsAsync, RoomsDescriptions.ListOperations);
        if (!services.GetRequiredService<PeerSyncOptions>().Serves(ServerFeatures.Sync))
        {
            // Where Sync is served too, the path is its, and the middleware takes the requests for rooms from it.
            Post(RoomsMiddleware.TokenPath, tokens.IssueAsync, RoomsDescriptions.IssueToken);
        }

        Post("/api/auth/validate", tokens.ValidateAsync, RoomsDescriptions.Validate);
        Post("/api/auth/revoke", tokens.RevokeAsync, RoomsDescriptions.Revoke);
        Get("/api/ice-servers", tokens.WriteIceServersAsync, RoomsDescriptions.IceServers);
        Post("/api/maintenance/cleanup", server.CleanUpAsync, RoomsDescriptions.CleanUp);
        Post("/api/maintenance/gc", server.CollectAsync, RoomsDescriptions.Collect);
        Get("/api/admin/audit", server.ListAuditAsync, RoomsDescriptions.ListAudit);

        // Nobody asks for it: its instruments only have to exist.
        services.GetRequiredService<RoomsMetrics>();

        void Get(string pattern, RequestDelegate handler, Func<RouteDescription> describe) => Own(routes.MapRead(pattern, guard.Wrap(handler)), describe);

        void Post(string pattern, RequestDelegate handler, Func<RouteDescription> describe) => Own(routes.MapPost(pattern, guard.Wrap(handler)), describe);

        static void Own(IEndpointConventionBuilder endpoint, Func<RouteDescription> describe) =>
            endpoint.WithMetadata(RoomsRoute.Instance).Describe(describe);
    }

    private static Actors.Rooms.RoomsSettings Settings(PeerSyncOptions options) => new()
    {
        RoomInactivity = options.Rooms.RoomInactivity,
        PeerHeartbeat = options.Rooms.PeerHeartbeat,
        CleanupInterval = options.Rooms.CleanupInterval,
        ResumeGrace = options.Rooms.ResumeGrace,
        AllowsTokenless = options.Rooms.AllowTokenless,
        MaxRooms = options.Rooms.MaxRooms,
        MaxMembers = options.Rooms.MaxMembers,
    };

    private static DialectLimits Limits(PeerSyncOptions options) => new()
    {
        MaxMessageSize = options.Rooms.MaxFrameSize,
        AuthenticationTimeout = options.Rooms.AuthenticationTimeout,
        MessagesPerSecond = options.RateLimits.Enabled ? (int)(options.Rooms.Frames.Tokens / options.Rooms.Frames.Period.TotalSeconds) : 0,
        MessageBurst = options.Rooms.Frames.Burst,
        UnansweredPings = 2,
        HeartbeatTimeout = new DialectClose(RoomsClose.Timeout.Code, RoomsClose.Timeout.Reason),
    };
}
