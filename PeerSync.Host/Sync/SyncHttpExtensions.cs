using PeerSync.Actors.Sync;
using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;
using PeerSync.Host.Rooms;
using PeerSync.Protocol.Sync;
using PeerSync.Storage;

namespace PeerSync.Host.Sync;

/// <summary>Composes the HTTP side of the Sync feature.</summary>
internal static class SyncHttpExtensions
{
    // A million pairs of user and address take some fifty megabytes.
    private const int MaxSessions = 1_000_000;
    private const int MaxSignatures = 100_000;

    /// <summary>
    /// Registers the endpoints, the session log and the pairing codes. Needs <see cref="ISyncDevices"/> and <see cref="DataStore"/> beside it.
    /// </summary>
    public static IServiceCollection AddSync(this IServiceCollection services, SyncHttpOptions options, SyncServerKey key)
    {
        services.AddSingleton(options);
        services.AddSingleton(key);
        services.AddSingleton(key.Identity);
        services.AddSingleton(provider => provider.GetRequiredService<DataStore>().Sync);
        services.AddSingleton(provider => provider.GetRequiredService<DataStore>().Events);
        services.AddSingleton(provider => provider.GetRequiredService<DataStore>().CreateSyncPairings(SyncPairingKeysOf(key.Identity)));
        services.AddSingleton<ISyncSessionLog>(provider =>
            new SyncSessionLog(options.SessionMemory, MaxSessions, provider.GetRequiredService<TimeProvider>()));

        // As long as a signed timestamp is accepted, from its earliest moment to its latest.
        services.AddSingleton(provider => new SignatureReplays(
            TimeSpan.FromMilliseconds(ProfileSignature.MaxAge + ProfileSignature.MaxSkew), MaxSignatures, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SyncAuthentication>();
        services.AddSingleton<SyncDeviceEndpoints>();
        services.AddSingleton<SyncProfileEndpoints>();
        services.AddSingleton<SyncAccountEndpoints>();
        services.AddSingleton<SyncAdminEndpoints>();
        services.AddSingleton<SyncPairingEndpoints>();

        // One budget for both ways of pairing: the codes are the same.
        services.AddSingleton(provider => new PairingLookupLimits(
            options.LimitsEnabled ? options.FailedLookupsPerAddress : int.MaxValue,
            options.LimitsEnabled ? options.FailedLookupsInAll : int.MaxValue,
            options.LookupWindow,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SyncHealth>();
        services.AddSingleton<IHealthMembers>(provider => provider.GetRequiredService<SyncHealth>());
        return services;
    }

    /// <summary>Adds what runs the routes; routing comes before it, and the behaviour that other features share after it.</summary>
    public static IApplicationBuilder UseSync(this IApplicationBuilder app) => app.UseMiddleware<SyncMiddleware>();

    /// <summary>Maps the routes under <c>/api</c>, <c>/api/v1</c> and <c>/admin</c>.</summary>
    public static IEndpointRouteBuilder MapSyncEndpoints(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var authentication = services.GetRequiredService<SyncAuthentication>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("PeerSync.Host.Sync.SyncEndpoints");
        var devices = services.GetRequiredService<SyncDeviceEndpoints>();
        var profiles = services.GetRequiredService<SyncProfileEndpoints>();
        var accounts = services.GetRequiredService<SyncAccountEndpoints>();
        var pairing = services.GetRequiredService<SyncPairingEndpoints>();

        RequestDelegate Proven(string failure, SyncHandler handler) => SyncEndpoints.Guard(authentication, SyncAccess.Proven, failure, handler, logger);
        RequestDelegate Named(string failure, SyncHandler handler) => SyncEndpoints.Guard(authentication, SyncAccess.Named, failure, handler, logger);

        routes.MapSync("/devices", authentication, ("GET", Proven("Failed to get devices", devices.ListAsync), SyncDescriptions.ListDevices));
        routes.MapSync(
            "/devices/{id}",
            authentication,
            ("GET", Proven("Failed to get device", devices.ShowAsync), SyncDescriptions.ShowDevice),
            ("DELETE", Proven("Failed to remove device", devices.RemoveAsync), SyncDescriptions.RemoveDevice));
        routes.MapSync("/devices/{id}/rename", authentication, ("POST", Proven("Failed to rename device", devices.RenameAsync), SyncDescriptions.RenameDevice));
        routes.MapSync("/presence", authentication, ("GET", Proven("Failed to get presence", devices.WritePresenceAsync), SyncDescriptions.Presence));
        routes.MapSync(
            "/connection-status",
            authentication,
            ("GET", Proven("Failed to get connection status", devices.WriteConnectionStatusAsync), SyncDescriptions.ConnectionStatus));
        routes.MapSync(
            "/user/profile",
            authentication,
            ("GET", Proven("Failed to get user profile", profiles.ShowAsync), SyncDescriptions.ShowProfile),
            ("POST", Named("Failed to update user profile", profiles.UpdateAsync), SyncDescriptions.UpdateProfile));
        routes.MapSync(
            "/user/profile/onboarding-complete",
            authentication,
            ("POST", Named("Failed to complete onboarding", profiles.CompleteOnboardingAsync), SyncDescriptions.CompleteOnboarding));
        routes.MapSync("/user", authentication, ("DELETE", Proven("Failed to delete user", accounts.DeleteUserAsync), SyncDescriptions.DeleteUser));
        routes.MapSync("/events/files", authentication, ("GET", Proven("Failed to get file history", accounts.ListFilesAsync), SyncDescriptions.ListFiles));
        routes.MapSync("/auth/token", authentication, ("POST", Proven("Failed to create token", accounts.CreateTokenAsync), RoomsDescriptions.IssueToken));
        routes.MapSync("/auth/refresh", authentication, ("POST", Proven("Failed to create token", accounts.RefreshTokenAsync), SyncDescriptions.RefreshToken));
        routes.MapSync("/pairing/store", authentication, ("POST", Named("Failed to store pairing code", pairing.StoreAsync), SyncDescriptions.StorePairing));

        const string LookUpFailure = "Failed to look up pairing code";
        MapOwn(
            routes,
            "/api/pairing/lookup/{code}",
            "GET",
            SyncEndpoints.Guard(LookUpFailure, logger, pairing.LookUpAsync),
            authentication,
            SyncDescriptions.LookUpPairing);
        MapOwn(
            routes,
            "/api/v1/pairing/lookup/{code}",
            "GET",
            Named(LookUpFailure, (context, _) => pairing.LookUpAsync(context)),
            authentication,
            SyncDescriptions.LookUpPairingNamed);

        // Under /api/v1 this path is shared with Peers, and the request decides.
        MapOwn(
            routes,
            "/api/auth/verify",
            "GET",
            Proven("Failed to verify token", SyncAccountEndpoints.VerifyTokenAsync),
            authentication,
            SyncDescriptions.VerifyToken);
        routes.Map("/api/v2/{**rest}", WriteUnsupportedVersionAsync)
            .WithMetadata(new SyncRoute(IsLimited: false))
            .ExcludeFromDescription();
        MapAdmin(routes, services.GetRequiredService<SyncAdminEndpoints>(), logger);
        return routes;
    }

    private static void MapAdmin(IEndpointRouteBuilder routes, SyncAdminEndpoints admin, ILogger logger)
    {
        var route = new SyncRoute(IsLimited: false);
        routes.MapPost("/admin/revoke-device", SyncEndpoints.Guard("Failed to revoke device", logger, admin.RevokeAsync))
            .WithMetadata(route)
            .Describe(SyncDescriptions.Revoke);
        routes.MapPost("/admin/unrevoke-device", SyncEndpoints.Guard("Failed to unrevoke device", logger, admin.UnrevokeAsync))
            .WithMetadata(route)
            .Describe(SyncDescriptions.Unrevoke);
        routes.MapRead("/admin/revoked-devices", SyncEndpoints.Guard("Failed to get revoked devices", logger, admin.ListAsync))
            .WithMetadata(route)
            .Describe(SyncDescriptions.ListRevoked);
    }

    private static void MapOwn(
        IEndpointRouteBuilder routes,
        string pattern,
        string method,
        RequestDelegate handler,
        SyncAuthentication authentication,
        Func<RouteDescription> describe) =>
        routes.Map(pattern, context => SyncEndpoints.DispatchAsync(context, authentication, [(method, handler)]))
            .WithMetadata(new SyncRoute(IsLimited: true))
            .Describe(method, describe);

    private static Task WriteUnsupportedVersionAsync(HttpContext context) => JsonAnswer.WriteAsync(
        context,
        StatusCodes.Status400BadRequest,
        new UnsupportedVersionAnswer("Unsupported API version", ["v1"], "v2"),
        SyncJson.Camel.UnsupportedVersionAnswer);

    private static Storage.Sync.SyncPairingKeys SyncPairingKeysOf(SyncServerIdentity identity) =>
        new(identity.DeriveSecret("peersync_sync_pairing_codes_v1"u8));
}
