using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace PeerSync.Host.Metrics;

/// <summary>Keeps the newest collection as Prometheus text.</summary>
/// <remarks>The reader calls it on the thread that collects, so only <see cref="PrometheusScraper"/> may look at the text.</remarks>
/// <param name="declared">Families that every page has.</param>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusFamilies? declared = null) : BaseExporter<Metric>, IPullMetricExporter
{
    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The newest collection in UTF-8.</summary>
    public ReadOnlyMemory<byte> Text { get; private set; }

    /// <summary>Why the newest collection failed, or null. The reader itself would only say that it did.</summary>
    public Exception? Fault { get; private set; }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        try
        {
            var exposition = new PrometheusExposition(declared);
            foreach (var metric in batch)
            {
                exposition.Add(metric);
            }

            Text = exposition.ToUtf8();
            Fault = null;
            return ExportResult.Success;
        }
        catch (Exception exception)
        {
            Fault = exception;
            return ExportResult.Failure;
        }
    }
}
