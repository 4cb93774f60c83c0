namespace PeerSync.Host.Metrics;

/// <summary>How metrics and traces leave the process.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>The meter's name; another one keeps several servers in one process apart, as in tests.</summary>
    public string MeterName { get; init; } = "PeerSync";

    /// <summary>The service's name in what is pushed.</summary>
    public string ServiceName { get; init; } = "peersync";

    /// <summary>Whether <c>/metrics</c> is served only where the administration is; by default every listener serves it.</summary>
    public bool MetricsOnAdminListenerOnly { get; init; }

    /// <summary>The collector that metrics and traces are pushed to, for example <c>http://collector:4317</c>; null pushes nothing.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Whether the collector is spoken to by HTTP with protobuf bodies rather than by gRPC.</summary>
    public bool OtlpOverHttp { get; init; }

    /// <summary>Headers for the collector as <c>name=value,name=value</c>, or null. Secret.</summary>
    public string? OtlpHeaders { get; init; }

    /// <summary>How often metrics are pushed; 60 seconds by default, as OpenTelemetry has it.</summary>
    public TimeSpan PushInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of traces that is pushed, 0 to 1; 0.01 by default, because a relay makes one for every message.</summary>
    public double TraceShare { get; init; } = 0.01;

    /// <summary>The headers are a secret, so the text form leaves them out.</summary>
    public override string ToString() => $"{nameof(TelemetryOptions)} {{ {nameof(OtlpEndpoint)} = {OtlpEndpoint} }}";
}
