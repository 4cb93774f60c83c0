using System.Text.Json;

namespace PeerSync.Host.Health;

// Answers that are put together of several features' members, in their forms for the OpenAPI document.

/// <summary>The answer of <c>/health</c>: what each feature adds is there where the feature is served.</summary>
internal sealed record ServerLiveness(
    string Status,
    string Env,
    JsonElement? Timestamp,
    double? Uptime,
    IReadOnlyDictionary<string, string>? Services,
    string? Version,
    IReadOnlyDictionary<string, string>? Build,
    IReadOnlyDictionary<string, long>? Memory,
    long? Rooms,
    long? TotalPeers,
    JsonElement? Instance,
    Sharing.Description.HealthCheckDataSchema? Data);

/// <summary>The answer of the readiness routes.</summary>
internal sealed record ServerReadiness(
    string Status, string Env, string Timestamp, IReadOnlyDictionary<string, string> Checks, IReadOnlyDictionary<string, bool>? Services);

/// <summary>The answer of <c>/api/health</c>.</summary>
internal sealed record ServerMemoryLiveness(
    string Status, long Timestamp, MemoryAnswer Memory, long? Rooms, long? TotalPeers, string? Version, string? Database, string? Redis);

/// <summary>The answer of <c>/api/v1/health</c>: Sync's clients get other members than everybody else.</summary>
internal sealed record ServerTimedLiveness(string Status, string? Env, JsonElement Timestamp, string? Version, string? Database, string? Redis);
