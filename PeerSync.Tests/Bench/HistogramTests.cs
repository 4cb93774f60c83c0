using PeerSync.Bench.Load.Measurement;

namespace PeerSync.Tests.Bench;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(99.9)]
    [InlineData(100)]
    public void A_percentile_is_never_below_the_sorted_list_and_at_most_two_percent_above(double percent)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 50_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 10)).ToArray();
        var histogram = new Histogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        Array.Sort(values);
        var exact = values[(int)Math.Ceiling(values.Length * percent / 100) - 1];
        var measured = histogram.Percentile(percent);
        Assert.True(measured >= exact, $"{measured} is below {exact}");
        Assert.True(measured <= exact * 1.02, $"{measured} is more than 2 % above {exact}");
        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Length, histogram.Count);
    }

    [Fact]
    public void Small_and_extreme_values_keep_their_order()
    {
        long[] values = [0, 1, 63, 64, 127, 128, 129, long.MaxValue];
        foreach (var value in values)
        {
            var histogram = new Histogram();
            histogram.Record(value);
            Assert.Equal(value, histogram.Percentile(50));
        }
    }

    [Fact]
    public void Adding_two_is_recording_into_one()
    {
        var left = new Histogram();
        var right = new Histogram();
        var both = new Histogram();
        for (var i = 0; i < 1000; i++)
        {
            (i % 3 == 0 ? left : right).Record(i * i);
            both.Record(i * i);
        }

        left.Add(right);
        Assert.Equal(both.Count, left.Count);
        Assert.Equal(both.Max, left.Max);
        Assert.Equal(both.Percentile(99), left.Percentile(99));
    }

    [Fact]
    public void An_empty_one_and_a_negative_value_count_as_zero()
    {
        var histogram = new Histogram();
        Assert.Equal(0, histogram.Percentile(99));
        histogram.Record(-5);
        Assert.Equal(0, histogram.Percentile(99));
        Assert.Equal(1, histogram.Count);
    }

    [Fact]
    public void A_range_has_the_middle_and_the_extremes()
    {
        Assert.Equal("2 (1–9)", RangeOf.Of([9, 1, 2]).ToString("N0"));
        Assert.Equal("1.5 (1.0–2.0)", RangeOf.Of([2, 1]).ToString("F1"));
        Assert.Equal("7", RangeOf.Of([7]).ToString("N0"));
        Assert.Equal("–", RangeOf.Of([]).ToString("N0"));
    }
}
