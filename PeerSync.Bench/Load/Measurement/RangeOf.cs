using System.Globalization;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>The median and the extremes of one figure over the rounds.</summary>
internal readonly record struct RangeOf(double Median, double Min, double Max, int Count)
{
    public static RangeOf Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return default;
        }

        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new RangeOf(median, sorted[0], sorted[^1], sorted.Length);
    }

    /// <summary>"median (min–max)", or the value alone when there was one round; "–" when there was none.</summary>
    public string ToString(string format)
    {
        return Count switch
        {
            0 => "–",
            1 => Format(Median, format),
            _ => $"{Format(Median, format)} ({Format(Min, format)}–{Format(Max, format)})",
        };
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
