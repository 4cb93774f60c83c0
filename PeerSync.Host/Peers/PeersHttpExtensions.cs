using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Peers;

/// <summary>Composes the HTTP side of the Peers feature.</summary>
internal static class PeersHttpExtensions
{
    /// <summary>
    /// Registers the endpoints. Needs <see cref="INetworkChanges"/>, <see cref="Actors.Identity.ITokenVerifier"/> and
    /// <see cref="Storage.Peers.IPeerDirectory"/> beside it.
    /// </summary>
    public static IServiceCollection AddPeersHttp(this IServiceCollection services, JoinLimitOptions joinLimits)
    {
        services.AddSingleton(_ => new JoinAttempts(joinLimits));
        services.AddSingleton<PeersAuthentication>();
        services.AddSingleton<NetworkEndpoints>();
        return services;
    }

    /// <summary>Maps the routes under <c>/api/v1</c>.</summary>
    public static IEndpointRouteBuilder MapPeersEndpoints(this IEndpointRouteBuilder routes)
    {
        var authentication = routes.ServiceProvider.GetRequiredService<PeersAuthentication>();
        var networks = routes.ServiceProvider.GetRequiredService<NetworkEndpoints>();
        var own = new FeatureRoute(ServerFeatures.Peers);
        routes.MapRead("/api/v1/auth/health", WriteAuthHealthAsync).WithUnlimitedRate().WithMetadata(own).Describe(PeersDescriptions.AuthHealth);
        routes.MapRead("/api/v1/network", networks.ShowAsync).WithMetadata(own).Describe(PeersDescriptions.Show);
        routes.MapPost("/api/v1/network", networks.CreateAsync).WithMetadata(own).Describe(PeersDescriptions.Create);
        routes.MapPost("/api/v1/network/join", networks.JoinAsync).WithMetadata(own).Describe(PeersDescriptions.Join);
        routes.MapPost("/api/v1/network/leave", networks.LeaveAsync).WithMetadata(own).Describe(PeersDescriptions.Leave);

        // Another feature's clients have this path too, and are told apart by their requests.
        routes.MapRead("/api/v1/auth/verify", context => VerifyAsync(context, authentication)).Describe(PeersDescriptions.Verify);
        return routes;
    }

    private static Task WriteAuthHealthAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new AuthHealthAnswer("ok", "supabase"), PeersJson.Wire.AuthHealthAnswer);

    private static async Task VerifyAsync(HttpContext context, PeersAuthentication authentication)
    {
        if (await authentication.RequireBearerAsync(context) is { } caller)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, VerifiedAnswer.From(caller), PeersJson.Wire.VerifiedAnswer);
        }
    }
}
