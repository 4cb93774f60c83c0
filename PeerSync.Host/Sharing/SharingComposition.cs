using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Sharing.Feed;
using PeerSync.Kernel;
using PeerSync.Protocol.Sharing;
using PeerSync.Storage;
using PeerSync.Storage.Sharing;

namespace PeerSync.Host.Sharing;

/// <summary>Puts the Sharing feature together.</summary>
internal static class SharingComposition
{
    /// <summary>Registers the endpoints and what they need.</summary>
    internal static IServiceCollection AddSharing(this IServiceCollection services, PeerSyncOptions options, SharingKeys keys, DataStore store, ActorSystem system)
    {
        var sharing = options.Sharing;
        services.AddSingleton(keys);
        services.AddSingleton(store.Sharing);
        services.AddSingleton(store.Sharing.Accounts);
        services.AddSingleton(store.Sharing.Handshakes);
        services.AddSingleton(store.Sharing.Devices);
        services.AddSingleton(store.Sharing.Teams);
        services.AddSingleton(store.Sharing.Shares);
        services.AddSingleton(provider => new SharingTokens(
            keys.Tokens, sharing.AccessLifetime, sharing.RefreshLifetime, options.Identity.ClockSkew, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SharingSessions>();
        services.AddSingleton<SharingAccess>();
        services.AddSingleton<SharingLimits>();
        services.AddSingleton<SharingBodyBudget>();
        services.AddSingleton<SharingMetrics>();
        services.AddSingleton<SharingLogins>();
        services.AddSingleton<GitHubClient>();
        services.AddSingleton<DevLoginEndpoints>();
        services.AddSingleton<TokenLoginEndpoints>();
        services.AddSingleton<HandshakeEndpoints>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton(new SharingTeamLimits(sharing.MaxTeamsPerUser, sharing.MaxMembersPerTeam, sharing.MaxPendingInvitations));
        services.AddSingleton<SharingKeyCheck>();
        services.AddSingleton<KeysEndpoints>();
        services.AddSingleton<PairingEndpoints>();
        services.AddSingleton<TeamsEndpoints>();
        services.AddSingleton<InvitationEndpoints>();
        services.AddSingleton<TeamAuditEndpoints>();
        services.AddSingleton<SharesMetrics>();
        services.AddSingleton<SharesAnswers>();
        services.AddSingleton<SharesEndpoints>();
        services.AddSingleton<SharingHealth>();
        services.AddSingleton<IHealthMembers>(static provider => provider.GetRequiredService<SharingHealth>());
        return services.AddSharingFeed(options, store, system);
    }

    /// <summary>Adds what runs the routes; routing comes before it, and the behaviour that other features share after it.</summary>
    internal static IApplicationBuilder UseSharing(this IApplicationBuilder app) => app.UseMiddleware<SharingMiddleware>();

    /// <summary>Maps the routes.</summary>
    internal static void MapSharing(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var routes = new SharingRoutes(endpoints);
        var health = services.GetRequiredService<SharingHealth>();
        routes.Open(HttpMethods.Get, string.Empty, health.WriteRunningAsync);
        routes.Open(HttpMethods.Get, "/health", health.WriteHealthAsync, SharingLimit.None).ExcludeFromDescription();
        routes.Open(HttpMethods.Get, "/health/health", health.WriteHealthAsync, SharingLimit.None);
        services.GetRequiredService<DevLoginEndpoints>().Map(routes);
        services.GetRequiredService<TokenLoginEndpoints>().Map(routes);
        services.GetRequiredService<HandshakeEndpoints>().Map(routes);
        services.GetRequiredService<SessionEndpoints>().Map(routes);
        services.GetRequiredService<KeysEndpoints>().Map(routes);
        services.GetRequiredService<PairingEndpoints>().Map(routes);
        services.GetRequiredService<TeamsEndpoints>().Map(routes);
        services.GetRequiredService<InvitationEndpoints>().Map(routes);
        services.GetRequiredService<TeamAuditEndpoints>().Map(routes);
        services.GetRequiredService<SharesEndpoints>().Map(routes);
        routes.MapSharingFeed(services);
    }
}
