namespace PeerSync.Host.Configuration;

/// <summary><c>peersync.telemetry</c>: where measurements and traces are sent.</summary>
internal sealed record TelemetrySettings
{
    /// <summary>The collector; null sends nothing.</summary>
    public required Uri? OtlpEndpoint { get; init; }

    /// <summary>The name under which this server reports.</summary>
    public required string ServiceName { get; init; }
}
