namespace PeerSync.Storage;

/// <summary>What a health check found.</summary>
/// <param name="IsHealthy">Whether the database answered, and would accept a write, within the deadline.</param>
/// <param name="Latency">How long the answer took.</param>
/// <param name="Fault">Why it is not healthy, or null; a short text without secrets.</param>
public sealed record StorageHealth(bool IsHealthy, TimeSpan Latency, string? Fault);
