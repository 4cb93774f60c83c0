using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PeerSync.Actors.Rooms;
using PeerSync.Host.Health;
using PeerSync.Host.Sockets;
using PeerSync.Kernel;
using PeerSync.Storage;

namespace PeerSync.Host.Rooms;

/// <summary>What the Rooms feature's server says of itself, and what its operator may do (Rooms contract, sections 11 and 13).</summary>
internal sealed class RoomsServerEndpoints(
    RoomsRegions regions, RoomsCounters counters, RoomsAccess access, IRoomsAudit audit, IAuditLog log, SocketServer sockets, RoomsMemoryLimits limits, TimeProvider time)
{
    private const string Name = "OctateCode P2P Backend";
    private const string Version = "2.0.0";

    private static readonly (string Path, string Method, string Description)[] Routes =
    [
        ("/health", "GET", "Health check"),
        ("/stats", "GET", "Server statistics"),
        ("/info", "GET", "This description"),
        ("/auth/token", "POST", "Create a token for a user and a room"),
        ("/auth/validate", "POST", "Check a token"),
        ("/auth/revoke", "POST", "End a token before its time"),
        ("/ice-servers", "GET", "ICE servers with time-limited credentials"),
        ("/rooms", "GET", "List rooms"),
        ("/rooms", "POST", "Create a room with an id of your own"),
        ("/rooms/create", "POST", "Create a room"),
        ("/rooms/:roomId", "GET", "Show a room"),
        ("/rooms/:roomId", "DELETE", "End a room"),
        ("/rooms/:roomId/stats", "GET", "Room statistics"),
        ("/rooms/:roomId/peers", "GET", "List the members of a room"),
        ("/rooms/:roomId/join", "POST", "Join a room"),
        ("/rooms/:roomId/leave", "POST", "Leave a room"),
        ("/rooms/:roomId/operations", "POST", "Send an operation"),
        ("/rooms/:roomId/operations", "GET", "List the latest operations"),
        ("/maintenance/cleanup", "POST", "Sweep rooms now"),
        ("/maintenance/gc", "POST", "Collect garbage now"),
        ("/admin/audit", "GET", "Read the audit trail"),
    ];

    private readonly long _started = time.GetTimestamp();

    /// <summary>GET /.</summary>
    public Task WriteRootAsync(HttpContext context) => RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, Name);
        writer.WriteString("status"u8, "running"u8);
        writer.WriteString("version"u8, Version);
        writer.WriteNumber("rooms"u8, counters.Rooms);
        writer.WriteString("docs"u8, "/api/info"u8);
        writer.WriteEndObject();
    });

    /// <summary>GET /api/info.</summary>
    public static Task WriteInfoAsync(HttpContext context) => RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, Name);
        writer.WriteString("version"u8, Version);
        writer.WriteString("description"u8, "Standalone P2P collaboration server"u8);
        writer.WriteStartArray("features"u8);
        foreach (var feature in (ReadOnlySpan<string>)["WebRTC signaling", "Rooms", "Time-limited tokens and TURN credentials", "Audit trail"])
        {
            writer.WriteStringValue(feature);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("endpoints"u8);
        foreach (var (path, method, description) in Routes)
        {
            writer.WriteStartObject();
            writer.WriteString("path"u8, path);
            writer.WriteString("method"u8, method);
            writer.WriteString("description"u8, description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>GET /api/stats.</summary>
    public Task WriteStatsAsync(HttpContext context)
    {
        using var process = Process.GetCurrentProcess();
        var user = process.UserProcessorTime.TotalMicroseconds;
        var kernel = process.PrivilegedProcessorTime.TotalMicroseconds;
        return RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteStartObject("server"u8);
            writer.WriteNumber("uptime"u8, (long)time.GetElapsedTime(_started).TotalMilliseconds);
            writer.WriteNumber("activeRooms"u8, counters.Rooms);
            writer.WriteNumber("totalConnections"u8, sockets.Connections.Count);
            writer.WriteNumber("connectedClients"u8, counters.Members);
            writer.WriteEndObject();
            WriteMemory(writer, "memory"u8, MemoryAnswer.Current);
            writer.WriteStartObject("thresholds"u8);
            writer.WriteNumber("warning"u8, limits.Warning);
            writer.WriteNumber("critical"u8, limits.Critical);
            writer.WriteNumber("cooldown"u8, 60000);
            writer.WriteEndObject();
            writer.WriteStartObject("cpu"u8);
            writer.WriteNumber("user"u8, (long)user);
            writer.WriteNumber("system"u8, (long)kernel);
            writer.WriteNumber("total"u8, (long)(user + kernel));
            writer.WriteEndObject();
            writer.WriteStartObject("operations"u8);
            writer.WriteNumber("total"u8, 0);
            writer.WriteNumber("perSecond"u8, 0);
            writer.WriteString("note"u8, "Operations now handled peer-to-peer via WebRTC data channels"u8);
            writer.WriteEndObject();
        });
    }

    /// <summary>POST /api/maintenance/cleanup.</summary>
    public async Task CleanUpAsync(HttpContext context)
    {
        if (!await RequireAdminAsync(context))
        {
            return;
        }

        // Each room is asked and waited for, so that the numbers are true.
        var list = await regions.Index.Ask<RoomList>(new ListRooms(int.MaxValue), RoomsEndpoints.Patience, context.RequestAborted);
        var cleaned = 0;
        foreach (var roomId in list.RoomIds)
        {
            var done = await regions.Rooms.Ask<RoomDone>(new SweepRoom(roomId), RoomsEndpoints.Patience, context.RequestAborted);
            cleaned += done.HadEffect ? 1 : 0;
        }

        audit.Record(new RoomsAuditEvent("admin-cleanup", null, null) { Reason = cleaned.ToString(CultureInfo.InvariantCulture) });
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("message"u8, "Cleanup triggered"u8);
            writer.WriteNumber("before"u8, list.Total);
            writer.WriteNumber("after"u8, list.Total - cleaned);
            writer.WriteNumber("cleaned"u8, cleaned);
        });
    }

    /// <summary>POST /api/maintenance/gc.</summary>
    public async Task CollectAsync(HttpContext context)
    {
        if (!await RequireAdminAsync(context))
        {
            return;
        }

        var before = MemoryAnswer.Current;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var after = MemoryAnswer.Current;
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteString("message"u8, "Garbage collection triggered"u8);
            WriteMemory(writer, "before"u8, before);
            WriteMemory(writer, "after"u8, after);
            writer.WriteNumber("freed"u8, Math.Max(0, before.HeapUsed - after.HeapUsed));
        });
    }

    /// <summary>GET /api/admin/audit.</summary>
    public async Task ListAuditAsync(HttpContext context)
    {
        if (!await RequireAdminAsync(context))
        {
            return;
        }

        var query = context.Request.Query;
        var limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Clamp(given, 1, 1000) : 100;
        var since = DateTimeOffset.TryParse(query["since"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) ? from : (DateTimeOffset?)null;
        var filter = new AuditFilter("rooms", NullIfEmpty(query["userId"]), NullIfEmpty(query["roomId"]), since);
        var records = await log.FindAsync(filter, limit, context.RequestAborted);
        await RoomsAnswer.WriteAsync(context, StatusCodes.Status200OK, time, writer =>
        {
            writer.WriteStartArray("records"u8);
            foreach (var record in records)
            {
                writer.WriteStartObject();
                writer.WriteString("at"u8, RoomsAnswer.Iso(record.At.ToUnixTimeMilliseconds()));
                writer.WriteString("event"u8, record.Entry.Action);
                writer.WriteString("roomId"u8, record.Entry.Subject);
                writer.WriteString("userId"u8, record.Entry.Actor);
                using (var detail = JsonDocument.Parse(record.Entry.Detail ?? "{}"))
                {
                    foreach (var member in detail.RootElement.EnumerateObject())
                    {
                        member.WriteTo(writer);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static void WriteMemory(Utf8JsonWriter writer, ReadOnlySpan<byte> name, MemoryAnswer memory)
    {
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, memory, HealthJson.Wire.MemoryAnswer);
    }

    private async ValueTask<bool> RequireAdminAsync(HttpContext context)
    {
        if (access.IsAdmin(context))
        {
            return true;
        }

        await RoomsAnswer.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, time, "Unauthorized");
        return false;
    }
}
