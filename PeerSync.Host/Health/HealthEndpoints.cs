using System.Globalization;
using PeerSync.Host.Http;

namespace PeerSync.Host.Health;

/// <summary>Liveness and readiness under all the paths that the products' clients and probes use.</summary>
internal sealed class HealthEndpoints(ReadinessProbe readiness, HealthOptions options, TimeProvider timeProvider)
{
    public Task WriteLiveAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, new LiveAnswer("ok", options.Environment), HealthJson.Wire.LiveAnswer);

    public Task WriteTimedLiveAsync(HttpContext context)
    {
        var answer = new TimedLiveAnswer("ok", options.Environment, Timestamp());
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Wire.TimedLiveAnswer);
    }

    public Task WriteMemoryLiveAsync(HttpContext context)
    {
        var memory = MemoryAnswer.From(
            GC.GetTotalMemory(forceFullCollection: false), GC.GetGCMemoryInfo().TotalCommittedBytes, Environment.WorkingSet);
        var answer = new MemoryLiveAnswer("ok", timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), memory);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, answer, HealthJson.Wire.MemoryLiveAnswer);
    }

    public async Task WriteReadyAsync(HttpContext context)
    {
        var report = await readiness.CheckAsync(context.RequestAborted);
        var statusCode = report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new ReadyAnswer(report.IsReady ? "ok" : "unavailable", options.Environment, Timestamp(), report.Checks);
        await JsonAnswer.WriteAsync(context, statusCode, answer, HealthJson.Wire.ReadyAnswer);
    }

    private string Timestamp() => timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
