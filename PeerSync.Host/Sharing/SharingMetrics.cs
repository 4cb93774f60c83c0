using System.Diagnostics.Metrics;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Sharing;

/// <summary>What is measured of the Sharing feature's requests and logins.</summary>
internal sealed class SharingMetrics
{
    private static readonly double[] RequestBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

    private readonly Histogram<double> _requests;
    private readonly Counter<long> _logins;

    public SharingMetrics(IMeterFactory meterFactory, TelemetryOptions options)
    {
        Meter = meterFactory.Create(options.MeterName);
        _requests = Meter.CreateHistogram(
            "peersync.sharing.request.duration",
            "s",
            "Duration of the Sharing feature's HTTP requests.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestBounds });
        _logins = Meter.CreateCounter<long>("peersync.sharing.logins", "{login}", "Attempts to log in, by what became of them.");
    }

    /// <summary>For the instruments of this feature's other parts.</summary>
    internal Meter Meter { get; }

    /// <summary>A request has been answered.</summary>
    /// <param name="method">Its method, or another fixed word for unknown ones.</param>
    /// <param name="route">The route's pattern, never the path itself.</param>
    /// <param name="statusCode">The answer's status.</param>
    /// <param name="duration">How long it took.</param>
    public void RequestEnded(string method, string route, int statusCode, TimeSpan duration) => _requests.Record(
        duration.TotalSeconds,
        new KeyValuePair<string, object?>("method", method),
        new KeyValuePair<string, object?>("route", route),
        new KeyValuePair<string, object?>("status_code", statusCode));

    /// <summary>Somebody has tried to log in.</summary>
    /// <param name="provider">Where, for example <c>github</c>.</param>
    /// <param name="result">One of a few fixed words.</param>
    public void LoginEnded(string provider, string result) =>
        _logins.Add(1, new KeyValuePair<string, object?>("provider", provider), new KeyValuePair<string, object?>("result", result));
}
