using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeerSync.Host.Configuration;
using PeerSync.Host.Http;
using PeerSync.Host.Sockets;

namespace PeerSync.Host.Health;

/// <summary>Liveness and readiness under all the paths that the products' clients and probes use.</summary>
internal sealed class HealthEndpoints(ReadinessProbe readiness, IEnumerable<IHealthMembers> features, HealthOptions options, TimeProvider timeProvider)
{
    private readonly IHealthMembers[] _features = [.. features];

    public Task WriteLiveAsync(HttpContext context) => WriteWithAsync(
        context,
        new LiveAnswer("ok", options.Environment),
        HealthJson.Wire.LiveAnswer,
        static (feature, answer, cancellationToken) => feature.AddToHealthAsync(answer, cancellationToken));

    public Task WriteTimedLiveAsync(HttpContext context)
    {
        var answer = new TimedLiveAnswer("ok", options.Environment, Timestamp());
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Wire.TimedLiveAnswer);
    }

    public async Task WriteMemoryLiveAsync(HttpContext context)
    {
        var answer = new MemoryLiveAnswer("ok", timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), MemoryAnswer.Current);
        await WriteWithAsync(
            context,
            answer,
            HealthJson.Wire.MemoryLiveAnswer,
            static (feature, members, cancellationToken) => feature.AddToApiHealthAsync(members, cancellationToken));
    }

    public async Task WriteReadyAsync(HttpContext context)
    {
        var report = await readiness.CheckAsync(context.RequestAborted);
        var statusCode = report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var served = ListenerFeatures.Of(context);

        // Peers and Calls disagree on the words; a listener that serves the one without the other speaks its own.
        var isForCalls = (served & (ServerFeatures.Calls | ServerFeatures.Peers)) == ServerFeatures.Calls;
        var status = (report.IsReady, isForCalls) switch
        {
            (true, true) => "ready",
            (false, true) => "not-ready",
            (true, false) => "ok",
            _ => "unavailable",
        };
        var own = new ReadyAnswer(status, options.Environment, Timestamp(), report.Checks);
        var answer = JsonSerializer.SerializeToNode(own, HealthJson.Wire.ReadyAnswer)!.AsObject();
        foreach (var feature in _features.Where(feature => (feature.Feature & served) != 0))
        {
            feature.AddToReady(answer, report);
        }

        await JsonAnswer.WriteAsync(context, statusCode, answer, HealthJson.Wire.JsonObject);
    }

    /// <summary>Writes the superset of what all features' clients look for.</summary>
    private async Task WriteWithAsync<T>(
        HttpContext context,
        T own,
        JsonTypeInfo<T> typeInfo,
        Func<IHealthMembers, JsonObject, CancellationToken, ValueTask> add)
    {
        var answer = JsonSerializer.SerializeToNode(own, typeInfo)!.AsObject();
        var served = ListenerFeatures.Of(context);
        foreach (var feature in _features.Where(feature => (feature.Feature & served) != 0))
        {
            await add(feature, answer, context.RequestAborted);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Wire.JsonObject);
    }

    private string Timestamp() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
