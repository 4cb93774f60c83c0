using Microsoft.Extensions.DependencyInjection.Extensions;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Health;

/// <summary>Composes the health endpoints.</summary>
internal static class HealthExtensions
{
    /// <summary>Registers the probe and the check of the memory; further checks are registered as <see cref="IReadinessCheck"/> after it.</summary>
    public static IServiceCollection AddPeerSyncHealth(this IServiceCollection services, HealthOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IReadinessCheck, MemoryReadinessCheck>();
        services.AddSingleton<ReadinessProbe>();
        services.AddSingleton<HealthEndpoints>();
        return services;
    }

    /// <summary>Maps liveness and readiness; none of them counts against a rate limit.</summary>
    public static IEndpointRouteBuilder MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        var health = routes.ServiceProvider.GetRequiredService<HealthEndpoints>();
        routes.MapRead("/health", health.WriteLiveAsync).WithUnlimitedRate().Describe(HealthDescriptions.Live);
        routes.MapRead("/health/ready", health.WriteReadyAsync).WithUnlimitedRate().Describe(HealthDescriptions.Ready);
        routes.MapRead("/api/v1/health", health.WriteTimedLiveAsync).WithUnlimitedRate().Describe(HealthDescriptions.TimedLive);
        routes.MapRead("/api/v1/health/ready", health.WriteReadyAsync).WithUnlimitedRate().ExcludeFromDescription();
        routes.MapRead("/api/health", health.WriteMemoryLiveAsync).WithUnlimitedRate().Describe(HealthDescriptions.MemoryLive);
        return routes;
    }
}
