using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PeerSync.Host.Metrics;

/// <summary>Aggregates the instruments for the scrape and, where a collector is configured, pushes metrics and traces to it.</summary>
/// <remarks>Counting starts with the construction. Disposing pushes what is left, for at most some seconds.</remarks>
internal sealed class Telemetry : IDisposable
{
    /// <summary>The framework's meter with the durations of HTTP requests.</summary>
    private const string HostingMeter = "Microsoft.AspNetCore.Hosting";

    private readonly MeterProvider _meters;
    private readonly TracerProvider? _traces;

    public Telemetry(TelemetryOptions options, PeerSyncMetrics metrics, RuntimeMetrics runtimeMetrics, PrometheusFamilies declared)
    {
        // Taken only so that their instruments exist from the first scrape on.
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(runtimeMetrics);
        var exporter = new PrometheusExporter(declared);
        Scraper = new PrometheusScraper(exporter);
        var resource = ResourceBuilder.CreateDefault().AddService(options.ServiceName);
        var meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(options.MeterName, HostingMeter)
            .AddReader(new BaseExportingMetricReader(exporter));
        if (options.OtlpEndpoint is { } endpoint)
        {
            meters.AddOtlpExporter((exporterOptions, readerOptions) =>
            {
                Configure(exporterOptions, options, endpoint, "v1/metrics");
                readerOptions.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.PushInterval.TotalMilliseconds;
            });
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(PeerSyncTracing.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddOtlpExporter(exporterOptions => Configure(exporterOptions, options, endpoint, "v1/traces"))
                .Build();
        }

        _meters = meters.Build();
    }

    /// <summary>Makes the text that Prometheus reads.</summary>
    public PrometheusScraper Scraper { get; }

    public void Dispose()
    {
        _traces?.Dispose();
        _meters.Dispose();
    }

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions options, Uri endpoint, string path)
    {
        exporter.Protocol = options.OtlpOverHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Headers = options.OtlpHeaders;

        // The exporter adds the path of the signal only to an endpoint that it has read from the environment itself.
        exporter.Endpoint = options.OtlpOverHttp ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path) : endpoint;
    }
}
