using OpenTelemetry.Metrics;

namespace PeerSync.Host.Metrics;

/// <summary>Collects on demand, one collection at a time; whoever asks while one runs gets its outcome.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PrometheusScraper(MetricReader reader, PrometheusExporter exporter)
{
    private const int CollectMilliseconds = 5_000;

    private readonly Lock _gate = new();
    private Task<ReadOnlyMemory<byte>>? _collection;

    /// <summary>The metrics as Prometheus text in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">The collection failed or took too long.</exception>
    public Task<ReadOnlyMemory<byte>> ScrapeAsync()
    {
        lock (_gate)
        {
            if (_collection is not { IsCompleted: false })
            {
                _collection = Task.Run(Collect);
            }

            return _collection;
        }
    }

    private ReadOnlyMemory<byte> Collect() =>
        reader.Collect(CollectMilliseconds) ? exporter.Text : throw new InvalidOperationException("The metrics could not be collected in time.");
}
