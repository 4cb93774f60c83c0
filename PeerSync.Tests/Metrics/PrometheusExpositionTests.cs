using System.Diagnostics.Metrics;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using PeerSync.Host.Metrics;

namespace PeerSync.Tests.Metrics;

public sealed class PrometheusExpositionTests : IDisposable
{
    private readonly Meter _meter = new($"exposition.{Guid.NewGuid():N}");
    private readonly Meter _otherMeter = new($"exposition.{Guid.NewGuid():N}");
    private readonly MeterProvider _provider;
    private readonly PrometheusScraper _scraper;

    public PrometheusExpositionTests()
    {
        var exporter = new PrometheusExporter();
        _scraper = new PrometheusScraper(exporter);
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(_meter.Name, _otherMeter.Name)
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
        _otherMeter.Dispose();
    }

    [Fact]
    public async Task EachKindOfInstrumentHasItsTypeAndName()
    {
        _meter.CreateCounter<long>("a.count", "{thing}", "Things.").Add(3);
        _meter.CreateCounter<double>("b.time", "s", "Time.").Add(1.5);
        _meter.CreateUpDownCounter<long>("c.level").Add(-2);
        _meter.CreateUpDownCounter<double>("d.level", "By").Add(0.25);
        _meter.CreateObservableGauge("e.gauge", static () => 7L);
        _meter.CreateGauge<double>("f.gauge", "%").Record(double.NegativeInfinity);
        _meter.CreateCounter<long>("g.done_total").Add(1);
        _meter.CreateCounter<long>("h.sent.bytes", "By").Add(long.MaxValue);
        _meter.CreateGauge<double>("9-lives!!of/a cat").Record(double.NaN);
        var page = await ScrapeAsync();
        Assert.Equal(3, page.Value("a_count_total"));
        Assert.Equal("Things.", page.HelpOf("a_count_total"));
        Assert.Equal(1.5, page.Value("b_time_seconds_total"));
        Assert.Equal(-2, page.Value("c_level"));
        Assert.Equal("gauge", page.TypeOf("c_level"));
        Assert.Equal(0.25, page.Value("d_level_bytes"));
        Assert.Equal(7, page.Value("e_gauge"));
        Assert.Equal(double.NegativeInfinity, page.Value("f_gauge_percent"));
        Assert.Equal(1, page.Value("g_done_total"));
        Assert.Contains("\nh_sent_bytes_total 9223372036854775807\n", page.Text, StringComparison.Ordinal);
        Assert.Equal(8, page.Names.Count);
    }

    [Theory]
    [InlineData("9.lives", "", false, "_9_lives")]
    [InlineData("a..b--c", "", false, "a_b_c")]
    [InlineData("ns:name", "", false, "ns:name")]
    [InlineData("h\u00e9", "", false, "h_")]
    [InlineData("x", "1", false, "x")]
    [InlineData("x", "{request}", true, "x_total")]
    [InlineData("x", "km/h", false, "x_km_h")]
    [InlineData("x_total", "s", true, "x_seconds_total")]
    public void NamesAreMadeValid(string name, string unit, bool isCounter, string expected) =>
        Assert.Equal(expected, PrometheusName.OfFamily(name, unit, isCounter));

    [Fact]
    public async Task LabelsAreEscapedSortedAndMadeValid()
    {
        var values = new[] { "plain", "quote\" slash\\ line\n end", "\u00e9\u4e2d", "", "}{,=", "\\n" };
        var counter = _meter.CreateCounter<long>("labelled", null, "Help with \\ and\nline.");
        foreach (var value in values)
        {
            counter.Add(1, new("z.key", value), new("a-key", true));
        }

        var page = await ScrapeAsync();
        foreach (var value in values)
        {
            Assert.Equal(1, page.Value("labelled_total", ("a_key", "True"), ("z_key", value)));
        }

        Assert.Equal("Help with \\ and\nline.", page.HelpOf("labelled_total"));
        Assert.Contains("labelled_total{a_key=\"True\",z_key=", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysThatBecomeOneLabelAreJoined()
    {
        _meter.CreateCounter<long>("joined").Add(1, new("a.b", "1"), new("a_b", "2"));
        Assert.Equal(1, (await ScrapeAsync()).Value("joined_total", ("a_b", "1;2")));
    }

    [Fact]
    public async Task HistogramsAreCumulative()
    {
        var histogram = _meter.CreateHistogram<double>(
            "wait", "s", "Waits.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 10] });
        foreach (var value in (double[])[0.05, 0.1, 0.3, 5, 50, 500])
        {
            histogram.Record(value, new KeyValuePair<string, object?>("kind", "a"));
        }

        histogram.Record(0.2, new KeyValuePair<string, object?>("kind", "b"));
        var page = await ScrapeAsync();
        Assert.Equal(2, page.Value("wait_seconds_bucket", ("kind", "a"), ("le", "0.1")));
        Assert.Equal(3, page.Value("wait_seconds_bucket", ("kind", "a"), ("le", "0.5")));
        Assert.Equal(4, page.Value("wait_seconds_bucket", ("kind", "a"), ("le", "10")));
        Assert.Equal(6, page.Value("wait_seconds_bucket", ("kind", "a"), ("le", "+Inf")));
        Assert.Equal(6, page.Value("wait_seconds_count", ("kind", "a")));
        Assert.Equal(555.45, page.Value("wait_seconds_sum", ("kind", "a")), 6);
        Assert.Equal(1, page.Value("wait_seconds_count", ("kind", "b")));
    }

    [Fact]
    public async Task TwoMetersMakeOneFamily()
    {
        _meter.CreateCounter<long>("shared", null, "First.").Add(1, new KeyValuePair<string, object?>("from", "a"));
        _otherMeter.CreateCounter<long>("shared", null, "Second.").Add(2, new KeyValuePair<string, object?>("from", "b"));
        _meter.CreateCounter<long>("same").Add(1);
        _otherMeter.CreateCounter<long>("same").Add(1);
        _meter.CreateUpDownCounter<long>("disputed").Add(1);
        _otherMeter.CreateHistogram<long>("disputed").Record(1);
        var page = await ScrapeAsync();
        Assert.Equal(1, page.Value("shared_total", ("from", "a")));
        Assert.Equal(2, page.Value("shared_total", ("from", "b")));
        Assert.Equal(1, page.Value("same_total"));
        Assert.Single(page.Samples, static sample => sample.Name.StartsWith("disputed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheOrderStays()
    {
        var late = _meter.CreateCounter<long>("z");
        var early = _meter.CreateCounter<long>("a");
        late.Add(1, new KeyValuePair<string, object?>("k", "2"));
        late.Add(1, new KeyValuePair<string, object?>("k", "1"));
        early.Add(1);
        var first = await ScrapeAsync();
        early.Add(1);
        late.Add(1, new KeyValuePair<string, object?>("k", "0"));
        var second = await ScrapeAsync();
        Assert.Equal(["a_total", "z_total|k=1", "z_total|k=2"], first.Samples.Select(static sample => sample.Identity));
        Assert.Equal(["a_total", "z_total|k=0", "z_total|k=1", "z_total|k=2"], second.Samples.Select(static sample => sample.Identity));
        Assert.Equal(2, second.Value("a_total"));
    }

    private async Task<PrometheusPage> ScrapeAsync() =>
        PrometheusPage.Parse(Encoding.UTF8.GetString((await _scraper.ScrapeAsync().WaitAsync(Http.TestTime.Limit)).Span));
}
