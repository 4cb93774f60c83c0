using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace PeerSync.Host.Http;

/// <summary>Composes what all HTTP endpoints share.</summary>
internal static class PeerSyncHttpExtensions
{
    private static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// A body a little above the limit is read to its end and thrown away, so that its sender gets the answer instead of a reset connection.
    /// </summary>
    private const int DrainFactor = 8;

    /// <summary>Registers the options, the client addresses and the server's own limits. Needs <c>AddPeerSyncMetrics</c> beside it.</summary>
    public static IServiceCollection AddPeerSyncHttp(this IServiceCollection services, PeerSyncHttpOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(_ => new ClientAddresses(options.TrustedProxies));
        services.TryAddSingleton<IClientAddresses>(provider => provider.GetRequiredService<ClientAddresses>());
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = (long)options.BodyLimit * DrainFactor;
        });
        return services;
    }

    /// <summary>Adds the shared behaviour; everything that answers requests comes after it, and routing before it.</summary>
    public static IApplicationBuilder UsePeerSyncHttp(this IApplicationBuilder app)
    {
        app.Use(static next => context => WithoutUpgradesInTimings(context, next));
        app.UseMiddleware<CorsMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<HttpRateLimitMiddleware>();
        app.UseMiddleware<BodyLimitMiddleware>();
        return app;
    }

    /// <summary>Maps a route that is read: HEAD works wherever GET does.</summary>
    public static IEndpointConventionBuilder MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        routes.MapMethods(pattern, ReadMethods, handler);

    /// <summary>Takes a route out of the rate limit per address.</summary>
    public static IEndpointConventionBuilder WithUnlimitedRate(this IEndpointConventionBuilder endpoint) =>
        endpoint.WithMetadata(UnlimitedRate.Instance);

    /// <summary>A socket's life of hours is not the duration of a request.</summary>
    private static Task WithoutUpgradesInTimings(HttpContext context, RequestDelegate next)
    {
        var isUpgrade = context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true;
        if (isUpgrade && context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
        {
            tags.MetricsDisabled = true;
        }

        return next(context);
    }
}
