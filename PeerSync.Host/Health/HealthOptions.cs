namespace PeerSync.Host.Health;

/// <summary>What the health endpoints say and how readiness is asked.</summary>
internal sealed record HealthOptions
{
    /// <summary>The environment's name as the answers carry it, for example <c>production</c>.</summary>
    public string Environment { get; init; } = "development";

    /// <summary>How long all checks of one round may take together; 2 seconds by default, below the timeout of common probes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an outcome is given again; 1 second by default, so that no number of probes can load the database.</summary>
    public TimeSpan CacheTime { get; init; } = TimeSpan.FromSeconds(1);
}
