using System.Text.Json.Nodes;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;

namespace PeerSync.Host.Calls;

/// <summary>What the Calls clients and their probes look for in health answers (Calls contract, section 3.9).</summary>
/// <remarks>What the original kept in Redis is in this process, so those two services are up while it answers.</remarks>
internal sealed class CallsHealth(ReadinessProbe readiness, TimeProvider time) : IHealthMembers
{
    private const string Storage = "storage";

    // A probe of liveness must have its answer even while the database hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly long _started = time.GetTimestamp();
    private readonly string _instance = Guid.NewGuid().ToString();

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Calls;

    /// <inheritdoc />
    public async ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken)
    {
        var isUp = await IsStorageUpAsync(cancellationToken);
        answer.TryAdd("timestamp", CallsAnswer.Iso(time.GetUtcNow()));
        answer.TryAdd("uptime", time.GetElapsedTime(_started).TotalSeconds);
        var memory = Members(answer, "memory");
        memory.TryAdd("rss", Environment.WorkingSet);
        memory.TryAdd("heapTotal", GC.GetGCMemoryInfo().TotalCommittedBytes);
        memory.TryAdd("heapUsed", GC.GetTotalMemory(forceFullCollection: false));
        memory.TryAdd("external", 0);
        memory.TryAdd("arrayBuffers", 0);
        answer.TryAdd("version", ServerVersion.Text);
        var services = Members(answer, "services");
        services.TryAdd("postgres", isUp ? "up" : "down");
        services.TryAdd("redis", "up");
        services.TryAdd("pubsub", "up");
        answer.TryAdd("instance", new JsonObject { ["id"] = _instance, ["subscribedChannels"] = new JsonArray(), ["totalHandlers"] = 0 });
    }

    /// <inheritdoc />
    public ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void AddToReady(JsonObject answer, ReadinessReport report) => answer.TryAdd("services", new JsonObject
    {
        ["postgres"] = report.Checks.TryGetValue(Storage, out var state) && state == "ok",
        ["redis"] = true,
        ["pubsub"] = true,
    });

    // Two features' objects of one name become one.
    private static JsonObject Members(JsonObject answer, string name)
    {
        if (answer[name] is not JsonObject members)
        {
            members = [];
            answer[name] = members;
        }

        return members;
    }

    private async ValueTask<bool> IsStorageUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var report = await readiness.CheckAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
            return !report.Checks.TryGetValue(Storage, out var state) || state == "ok";
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
