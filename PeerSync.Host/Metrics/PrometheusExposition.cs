using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace PeerSync.Host.Metrics;

/// <summary>Builds one page of Prometheus' text format, version 0.0.4, in an order that stays the same from scrape to scrape.</summary>
/// <remarks>Not thread-safe; made for one page.</remarks>
/// <param name="declared">Families that the page has whether anything was measured or not.</param>
internal sealed class PrometheusExposition(PrometheusFamilies? declared = null)
{
    private const string InfiniteBound = "+Inf";

    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    /// <summary>Adds all points of a metric. Aggregations that the format cannot express are left out.</summary>
    public void Add(Metric metric)
    {
        if (TypeOf(metric.MetricType) is not { } type)
        {
            return;
        }

        var name = PrometheusName.OfFamily(metric.Name, metric.Unit, type == "counter");
        if (!_families.TryGetValue(name, out var family))
        {
            family = new Family(type, metric.Description);
            _families.Add(name, family);
        }
        else if (family.Type != type)
        {
            // A name stands for one type; two instruments that disagree can only be told apart by renaming one of them.
            return;
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = LabelsOf(point.Tags);

            // The same series twice makes Prometheus drop the page, so of two meters' instruments the first one counts.
            family.Series.TryAdd(labels, LinesOf(name, labels, metric.MetricType, point));
        }
    }

    /// <summary>The page.</summary>
    public ReadOnlyMemory<byte> ToUtf8()
    {
        foreach (var family in declared?.All ?? [])
        {
            var standIn = new Family(family.Type, family.Help);
            standIn.Series.Add(string.Empty, family.Lines?.Invoke() ?? string.Empty);
            _families.TryAdd(family.Name, standIn);
        }

        var text = new StringBuilder();
        foreach (var (name, family) in _families)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(family.Type).Append('\n');
            foreach (var lines in family.Series.Values)
            {
                text.Append(lines);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic or MetricType.LongGauge or MetricType.DoubleGauge => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    private static string LinesOf(string name, string labels, MetricType type, in MetricPoint point)
    {
        if (type == MetricType.Histogram)
        {
            return HistogramLines(name, labels, point);
        }

        var value = type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Format(point.GetSumLong()),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Format(point.GetSumDouble()),
            MetricType.LongGauge => Format(point.GetGaugeLastValueLong()),
            _ => Format(point.GetGaugeLastValueDouble()),
        };
        return Line(name, labels, value);
    }

    private static string HistogramLines(string name, string labels, in MetricPoint point)
    {
        var lines = new StringBuilder();
        var count = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var bound = $"le=\"{Format(bucket.ExplicitBound)}\"";
            lines.Append(Line(name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", Format(count)));
        }

        // The count is the last bucket's, not the point's own: the two could differ by what was recorded between the reads.
        lines.Append(Line(name + "_sum", labels, Format(point.GetHistogramSum())));
        lines.Append(Line(name + "_count", labels, Format(count)));
        return lines.ToString();
    }

    private static string Line(string name, string labels, string value) =>
        labels.Length == 0 ? $"{name} {value}\n" : $"{name}{{{labels}}} {value}\n";

    private static string LabelsOf(ReadOnlyTagCollection tags)
    {
        if (tags.Count == 0)
        {
            return string.Empty;
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var label = PrometheusName.OfLabel(key);
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

            // Two keys can become one label; OpenTelemetry's specification joins their values.
            labels[label] = labels.TryGetValue(label, out var other) ? $"{other};{text}" : text;
        }

        return string.Join(',', labels.Select(static label => $"{label.Key}=\"{EscapeLabel(label.Value)}\""));
    }

    private static string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Format(double value) => value switch
    {
        double.PositiveInfinity => InfiniteBound,
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private sealed record Family(string Type, string Help)
    {
        public SortedDictionary<string, string> Series { get; } = new(StringComparer.Ordinal);
    }
}
