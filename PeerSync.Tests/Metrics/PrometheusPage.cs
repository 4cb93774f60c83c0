using System.Globalization;
using System.Net;
using System.Text;
using PeerSync.Tests.Http;

namespace PeerSync.Tests.Metrics;

/// <summary>
/// A strict reader of Prometheus' text format 0.0.4: one HELP and one TYPE line before the samples of each family, families in one piece, valid
/// names and escapes, no sample twice, counters ending in <c>_total</c>, histograms with cumulative buckets up to <c>+Inf</c>.
/// </summary>
internal sealed class PrometheusPage
{
    private readonly Dictionary<string, (string Type, string Help)> _families = new(StringComparer.Ordinal);
    private readonly List<PrometheusSample> _samples = [];

    private PrometheusPage(string text)
    {
        Text = text;
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text[..^1].Split('\n');
        for (var i = 0; i < lines.Length;)
        {
            i = ReadFamily(lines, i);
        }

        Assert.Equal(_samples.Count, _samples.Select(static sample => sample.Identity).Distinct().Count());
    }

    // A product's dashboards know this counter by a name that counters do not have.
    private const string NamedByItsContract = "video_chat_total_connections";

    public string Text { get; }

    public IReadOnlyCollection<string> Names => _families.Keys;

    public IReadOnlyList<PrometheusSample> Samples => _samples;

    public static PrometheusPage Parse(string text) => new(text);

    public static async Task<PrometheusPage> ScrapeAsync(HttpTestServer server)
    {
        using var response = await server.SendAsync(HttpMethod.Get, "/metrics");
        return await ReadAsync(response);
    }

    public static async Task<PrometheusPage> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return Parse(await response.Content.ReadAsStringAsync());
    }

    public string TypeOf(string name) => _families[name].Type;

    public string HelpOf(string name) => _families[name].Help;

    /// <summary>The one sample with this name and exactly these labels.</summary>
    public double Value(string name, params (string Key, string Value)[] labels)
    {
        var wanted = new PrometheusSample(name, [.. labels], 0).Identity;
        var found = _samples.Where(sample => sample.Identity == wanted).ToArray();
        Assert.True(found.Length == 1, $"{wanted} is not there:\n{Text}");
        return found[0].Value;
    }

    private int ReadFamily(string[] lines, int at)
    {
        var help = Header(lines[at++], "# HELP ");
        Assert.True(at < lines.Length, $"{help.Name} has no TYPE.");
        var type = Header(lines[at++], "# TYPE ");
        Assert.Equal(help.Name, type.Name);
        Assert.Contains(type.Text, (string[])["counter", "gauge", "histogram"]);
        Assert.True(_families.TryAdd(help.Name, (type.Text, Unescape(help.Text, "\\n"))), $"{help.Name} appears twice.");
        var samples = new List<PrometheusSample>();
        while (at < lines.Length && !lines[at].StartsWith('#'))
        {
            samples.Add(Sample(lines[at++]));
        }

        CheckFamily(help.Name, type.Text, samples);
        _samples.AddRange(samples);
        return at;
    }

    private static void CheckFamily(string name, string type, List<PrometheusSample> samples)
    {
        if (type != "histogram")
        {
            Assert.All(samples, sample => Assert.Equal(name, sample.Name));
            Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal) || name == NamedByItsContract);
            Assert.All(samples, sample => Assert.True(type != "counter" || sample.Value >= 0));
            return;
        }

        foreach (var series in samples.GroupBy(static sample => sample.IdentityWithout("le")))
        {
            var buckets = series.Where(sample => sample.Name == name + "_bucket").ToArray();
            var bounds = buckets.Select(static bucket => Number(bucket.Label("le"))).ToArray();
            Assert.NotEmpty(buckets);
            Assert.Equal(bounds.Order(), bounds);
            Assert.Equal(bounds.Length, bounds.Distinct().Count());
            Assert.Equal("+Inf", buckets[^1].Label("le"));
            Assert.Equal(buckets.Select(static bucket => bucket.Value).Order(), buckets.Select(static bucket => bucket.Value));
            Assert.Single(series, sample => sample.Name == name + "_sum");
            Assert.Equal(buckets[^1].Value, Assert.Single(series, sample => sample.Name == name + "_count").Value);
            Assert.Equal(buckets.Length + 2, series.Count());
        }
    }

    private static (string Name, string Text) Header(string line, string kind)
    {
        Assert.StartsWith(kind, line, StringComparison.Ordinal);
        var space = line.IndexOf(' ', kind.Length);
        Assert.True(space > 0, line);
        var name = line[kind.Length..space];
        Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*$", name);
        return (name, line[(space + 1)..]);
    }

    private static PrometheusSample Sample(string line)
    {
        var nameEnd = line.IndexOfAny(['{', ' ']);
        Assert.True(nameEnd > 0, line);
        var name = line[..nameEnd];
        Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*$", name);
        var labels = new List<(string Key, string Value)>();
        var at = nameEnd;
        if (line[at] == '{')
        {
            do
            {
                at = ReadLabel(line, at + 1, labels);
            }
            while (line[at] == ',');
            Assert.True(line[at++] == '}', line);
        }

        Assert.True(line[at++] == ' ', line);
        Assert.Equal(labels.Count, labels.Select(static label => label.Key).Distinct().Count());
        return new PrometheusSample(name, labels, Number(line[at..]));
    }

    private static int ReadLabel(string line, int at, List<(string Key, string Value)> labels)
    {
        var equals = line.IndexOf('=', at);
        Assert.True(equals > at && line[equals + 1] == '"', line);
        var key = line[at..equals];
        Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", key);
        var end = equals + 2;
        while (line[end] != '"')
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        labels.Add((key, Unescape(line[(equals + 2)..end], "\\n\"")));
        return end + 1;
    }

    private static string Unescape(string text, string escapable)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
                Assert.True(i < text.Length && escapable.Contains(text[i], StringComparison.Ordinal), text);
                result.Append(text[i] == 'n' ? '\n' : text[i]);
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
