using System.Text.Json.Nodes;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;
using PeerSync.Host.Http;

namespace PeerSync.Host.Sync;

/// <summary>What the Sync clients look for in health answers (PocketBridge contract, sections 5.1 and 5.2).</summary>
/// <remarks>
/// The status of the shared answers stays that of a live process: a database that is away must not get the process killed. What the clients' own server kept in
/// Redis is in this process or in the database, so the two have one state.
/// </remarks>
internal sealed class SyncHealth(ReadinessProbe readiness, SyncHttpOptions options, TimeProvider time) : IHealthMembers
{
    private const string Storage = "storage";
    private const string Connected = "connected";
    private const string Disconnected = "disconnected";

    // A probe of liveness must have its answer even while the database hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly long _started = time.GetTimestamp();

    /// <inheritdoc/>
    public ServerFeatures Feature => ServerFeatures.Sync;

    /// <inheritdoc/>
    public async ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken)
    {
        var state = await AskStorageAsync(cancellationToken);
        var build = new JsonObject { ["version"] = options.Build.Version };
        AddText(build, "commit", options.Build.Commit);
        AddText(build, "branch", options.Build.Branch);
        AddText(build, "buildTime", options.Build.BuildTime);
        answer.TryAdd("timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
        answer.TryAdd("uptime", time.GetElapsedTime(_started).TotalSeconds);
        answer.TryAdd("services", new JsonObject { ["database"] = state, ["redis"] = state });
        answer.TryAdd("version", options.Build.Version);
        answer.TryAdd("build", build);
    }

    /// <inheritdoc/>
    public async ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken)
    {
        var state = await AskStorageAsync(cancellationToken);
        answer.TryAdd("version", options.Build.Version);
        answer.TryAdd("database", state);
        answer.TryAdd("redis", state);
    }

    /// <summary>GET /api/v1/health of a client of this feature, which is told of a database that is away by the status too.</summary>
    public async Task WriteAsync(HttpContext context, SyncCaller caller)
    {
        var state = await AskStorageAsync(context.RequestAborted);
        var isHealthy = state == Connected;
        var answer = new SyncHealthAnswer(
            isHealthy ? "healthy" : "unhealthy", time.GetUtcNow().ToUnixTimeMilliseconds(), options.Build.Version, state, state);
        var statusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await JsonAnswer.WriteAsync(context, statusCode, answer, SyncJson.Camel.SyncHealthAnswer);
    }

    private static void AddText(JsonObject answer, string name, string? text)
    {
        if (text is not null)
        {
            answer[name] = text;
        }
    }

    private async ValueTask<string> AskStorageAsync(CancellationToken cancellationToken)
    {
        try
        {
            var report = await readiness.CheckAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
            return report.Checks.TryGetValue(Storage, out var state) && state != "ok" ? Disconnected : Connected;
        }
        catch (TimeoutException)
        {
            return Disconnected;
        }
    }
}
