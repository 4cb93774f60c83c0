namespace PeerSync.Host.Health;

/// <summary>A check's outcome.</summary>
/// <param name="IsReady">Whether the thing works.</param>
/// <param name="Reason">Why not, for the log only; without secrets or addresses.</param>
internal readonly record struct ReadinessResult(bool IsReady, string? Reason)
{
    public static ReadinessResult Ready { get; } = new(true, null);

    public static ReadinessResult NotReady(string reason) => new(false, reason);
}
