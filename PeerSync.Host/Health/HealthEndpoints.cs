using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeerSync.Host.Http;

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
        var answer = new ReadyAnswer(report.IsReady ? "ok" : "unavailable", options.Environment, Timestamp(), report.Checks);
        await JsonAnswer.WriteAsync(context, statusCode, answer, HealthJson.Wire.ReadyAnswer);
    }

    /// <summary>Writes the superset of what all features' clients look for.</summary>
    private async Task WriteWithAsync<T>(
        HttpContext context,
        T own,
        JsonTypeInfo<T> typeInfo,
        Func<IHealthMembers, JsonObject, CancellationToken, ValueTask> add)
    {
        var answer = JsonSerializer.SerializeToNode(own, typeInfo)!.AsObject();
        foreach (var feature in _features)
        {
            await add(feature, answer, context.RequestAborted);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Wire.JsonObject);
    }

    private string Timestamp() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
