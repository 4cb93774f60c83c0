using PeerSync.Host.Health;
using PeerSync.Host.Http;
using PeerSync.Host.OpenApi;

namespace PeerSync.Host.Metrics;

/// <summary>Composes metrics and traces.</summary>
internal static class MetricsExtensions
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Registers the instruments and where they go.</summary>
    public static IServiceCollection AddPeerSyncMetrics(this IServiceCollection services, TelemetryOptions options)
    {
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton<PeerSyncMetrics>();
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton<PrometheusFamilies>();
        services.AddSingleton<Telemetry>();
        return services;
    }

    /// <summary>Maps <c>/metrics</c>, and with it starts the aggregation and the push.</summary>
    /// <param name="routes">Where to map.</param>
    /// <param name="isOnAdminListener">
    /// Whether a request came in where the administration is; without it no request does, so that the setting which keeps metrics there serves
    /// them nowhere rather than everywhere.
    /// </param>
    public static IEndpointRouteBuilder MapMetricsEndpoint(this IEndpointRouteBuilder routes, Func<HttpContext, bool>? isOnAdminListener = null)
    {
        var scraper = routes.ServiceProvider.GetRequiredService<Telemetry>().Scraper;
        var adminOnly = routes.ServiceProvider.GetRequiredService<TelemetryOptions>().MetricsOnAdminListenerOnly;
        routes.MapRead("/metrics", context =>
        {
            var isServed = !adminOnly || isOnAdminListener?.Invoke(context) == true;
            return isServed ? WriteAsync(context, scraper) : HttpErrors.WriteNoRouteAsync(context);
        }).WithUnlimitedRate().Describe(HealthDescriptions.Metrics);
        return routes;
    }

    private static async Task WriteAsync(HttpContext context, PrometheusScraper scraper)
    {
        var text = await scraper.ScrapeAsync();
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }
}
