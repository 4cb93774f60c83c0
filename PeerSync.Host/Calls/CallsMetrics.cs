using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using PeerSync.Actors.Calls;
using PeerSync.Host.Metrics;

namespace PeerSync.Host.Calls;

/// <summary>Shows what the Calls feature counts, under the names that its dashboards know (Calls contract, section 8).</summary>
internal sealed class CallsMetrics
{
    private const string Prefix = "video_chat.";
    private const string MatchLatency = "match_latency";
    private const string RequestDuration = "request_duration";
    private const string Seconds = "s";

    private static readonly double[] WaitBounds = [0.1, 0.5, 1, 2, 5, 10, 30];
    private static readonly double[] RequestBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

    private readonly Meter _meter;
    private readonly PrometheusFamilies _families;
    private readonly Histogram<double> _requests;

    public CallsMetrics(IMeterFactory meterFactory, TelemetryOptions options, CallsCounters counters, PrometheusFamilies families)
    {
        _meter = meterFactory.Create(options.MeterName);
        _families = families;
        Gauge("active_connections", () => counters.Connections, "Number of active WebSocket connections");
        Gauge("active_sessions", () => counters.Sessions, "Number of active sessions");
        Gauge("queue_length", () => counters.Queued, "Number of users in matchmaking queue");

        // The one counter whose name does not end as counters' names do, so no instrument can have it.
        families.Declare(new PrometheusFamily(
            "video_chat_total_connections",
            "counter",
            "Total number of WebSocket connections",
            () => string.Create(CultureInfo.InvariantCulture, $"video_chat_total_connections {counters.TotalConnections}\n")));
        Counter("matches_created", () => counters.Matches, "Total number of matches created");
        Counter("webrtc_offers", () => counters.Offers, "Total number of WebRTC offers relayed");
        Counter("webrtc_answers", () => counters.Answers, "Total number of WebRTC answers relayed");
        Counter("ice_candidates", () => counters.Candidates, "Total number of ICE candidates relayed");
        Labeled("sessions_created", counters.SessionsCreated, "Total number of sessions created", "region", "language");
        Labeled("sessions_ended", counters.SessionsEnded, "Total number of sessions ended", "reason");
        Labeled("connection_success", counters.ConnectionSuccesses, "Connections between browsers that came about", "connection_type");
        Labeled("connection_failures", counters.ConnectionFailures, "Connections between browsers that failed", "failure_reason");
        Labeled("reports_submitted", counters.ReportsSubmitted, "Total number of reports submitted", "reason");
        Labeled("reports_moderated", counters.ReportsModerated, "Total number of reports moderated", "decision");
        Labeled("users_blocked", counters.UsersBlocked, "Total number of users blocked", "block_type");
        Labeled("rate_limit_hits", counters.RateLimitHits, "Total number of rate limit hits", "limit_type");
        Labeled("errors", counters.Errors, "Total number of errors", "error_type", "component");
        Labeled("websocket_events", counters.Events, "Total number of known events of clients", "event_type");
        var waits = Histogram(MatchLatency, "Time taken to match users", WaitBounds, Empty("video_chat_match_latency_seconds", WaitBounds));
        counters.WaitObserver = wait => waits.Record(wait.TotalSeconds);
        _requests = Histogram(RequestDuration, "Duration of HTTP requests", RequestBounds, string.Empty);
    }

    /// <summary>A request has been answered.</summary>
    /// <param name="method">Its method; only such as routes have come here.</param>
    /// <param name="route">The route's pattern, never the path itself.</param>
    /// <param name="statusCode">The answer's status.</param>
    /// <param name="duration">How long it took.</param>
    public void RequestEnded(string method, string route, int statusCode, TimeSpan duration) => _requests.Record(
        duration.TotalSeconds,
        new KeyValuePair<string, object?>("method", method),
        new KeyValuePair<string, object?>("route", route),
        new KeyValuePair<string, object?>("status_code", statusCode));

    // A histogram without labels begins with zeros, which an instrument without measurements does not show.
    private static string Empty(string name, double[] bounds)
    {
        var lines = new StringBuilder();
        foreach (var bound in bounds)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\"}} 0\n");
        }

        return lines.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"+Inf\"}} 0\n{name}_sum 0\n{name}_count 0\n").ToString();
    }

    private void Gauge(string name, Func<long> read, string help) => _meter.CreateObservableUpDownCounter(Prefix + name, read, null, help);

    private void Counter(string name, Func<long> read, string help) => _meter.CreateObservableCounter(Prefix + name, read, null, help);

    private void Labeled(string name, CallsLabels labels, string help, string first, string? second = null)
    {
        _families.Declare(new PrometheusFamily($"video_chat_{name}_total", "counter", help));
        _meter.CreateObservableCounter(
            Prefix + name,
            () => labels.Read().Select(entry => second is null
                ? new Measurement<long>(entry.Count, new KeyValuePair<string, object?>(first, entry.First))
                : new Measurement<long>(entry.Count, new KeyValuePair<string, object?>(first, entry.First), new KeyValuePair<string, object?>(second, entry.Second))),
            null,
            help);
    }

    private Histogram<double> Histogram(string name, string help, double[] bounds, string lines)
    {
        _families.Declare(new PrometheusFamily($"video_chat_{name}_seconds", "histogram", help, () => lines));
        return _meter.CreateHistogram(Prefix + name, Seconds, help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });
    }
}
