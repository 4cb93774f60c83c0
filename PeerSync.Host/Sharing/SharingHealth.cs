using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeerSync.Host.Configuration;
using PeerSync.Host.Health;

namespace PeerSync.Host.Sharing;

/// <summary>What the Sharing feature's probes look for (Sharing contract, section 2.1).</summary>
internal sealed class SharingHealth(ReadinessProbe readiness, TimeProvider time) : IHealthMembers
{
    private const double Megabyte = 1024 * 1024;

    // A probe must have its answer even while the database hangs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly long _started = time.GetTimestamp();

    /// <inheritdoc />
    public ServerFeatures Feature => ServerFeatures.Sharing;

    /// <summary>Answers that the server is there.</summary>
    public Task WriteRunningAsync(HttpContext context) => SharingAnswer.WriteObjectAsync(context, StatusCodes.Status200OK, writer =>
    {
        var now = time.GetUtcNow();
        var timestamp = SharingAnswer.Iso(now);
        writer.WriteBoolean("success"u8, true);
        writer.WriteStartObject("data"u8);
        writer.WriteString("status"u8, "running"u8);
        writer.WriteString("timestamp"u8, timestamp);
        writer.WriteString("version"u8, ServerVersion.Text);
        writer.WriteEndObject();
        writer.WriteString("message"u8, "Server is running"u8);
        writer.WriteString("timestamp"u8, timestamp);
        writer.WriteString("requestId"u8, RequestId(now));
        writer.WriteStartObject("meta"u8);
        writer.WriteEndObject();
    });

    /// <summary>Answers whether what the feature depends on is well.</summary>
    public async Task WriteHealthAsync(HttpContext context)
    {
        var isHealthy = await IsHealthyAsync(context.RequestAborted);
        var status = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new JsonObject { ["data"] = Members(isHealthy) };
        await SharingAnswer.WriteJsonAsync(context, status, JsonSerializer.SerializeToUtf8Bytes(answer, HealthJson.Wire.JsonObject));
    }

    /// <inheritdoc />
    public async ValueTask AddToHealthAsync(JsonObject answer, CancellationToken cancellationToken) =>
        answer.TryAdd("data", Members(await IsHealthyAsync(cancellationToken)));

    /// <inheritdoc />
    public ValueTask AddToApiHealthAsync(JsonObject answer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private static string RequestId(DateTimeOffset now) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"req_{now.ToUnixTimeMilliseconds()}_{System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 9)}");

    private JsonObject Members(bool isHealthy)
    {
        using var process = Process.GetCurrentProcess();
        var used = GC.GetTotalMemory(forceFullCollection: false);
        var committed = Math.Max(used, GC.GetGCMemoryInfo().TotalCommittedBytes);
        return new JsonObject
        {
            ["status"] = isHealthy ? "healthy" : "unhealthy",
            ["timestamp"] = SharingAnswer.Iso(time.GetUtcNow()),
            ["uptime"] = time.GetElapsedTime(_started).TotalSeconds,
            ["memoryUsage"] = new JsonObject
            {
                ["heapUsed"] = Megabytes(used),
                ["heapTotal"] = Megabytes(committed),
                ["external"] = Megabytes(Math.Max(0, Environment.WorkingSet - committed)),
            },
            ["cpuUsage"] = new JsonObject
            {
                ["system"] = (long)process.PrivilegedProcessorTime.TotalMicroseconds,
                ["user"] = (long)process.UserProcessorTime.TotalMicroseconds,
            },
        };
    }

    private static long Megabytes(long bytes) => (long)Math.Round(bytes / Megabyte);

    private async ValueTask<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await readiness.CheckAsync(cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken)).IsReady;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
