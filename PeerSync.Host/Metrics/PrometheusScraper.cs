namespace PeerSync.Host.Metrics;

/// <summary>Collects on demand, one collection at a time; whoever asks while one runs gets its outcome.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PrometheusScraper(PrometheusExporter exporter)
{
    private readonly Lock _gate = new();
    private Task<ReadOnlyMemory<byte>>? _collection;

    /// <summary>The metrics as Prometheus text in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">The collection failed.</exception>
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

    private ReadOnlyMemory<byte> Collect()
    {
        // The exporter's own delegate marks the collection as pulled; the reader refuses any other. There is no time limit: nothing that is
        // collected waits for anything, and on a busy machine a late page is worth more than none. Prometheus has a limit of its own.
        var isCollected = exporter.Collect?.Invoke(Timeout.Infinite) == true;
        return isCollected ? exporter.Text : throw new InvalidOperationException("The metrics could not be collected.", exporter.Fault);
    }
}
