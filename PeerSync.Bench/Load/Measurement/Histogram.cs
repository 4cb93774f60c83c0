using System.Numerics;

namespace PeerSync.Bench.Load.Measurement;

/// <summary>
/// Counts of durations in buckets whose width grows with the value: 64 buckets for each doubling, so a percentile is at most 1.6 %
/// above the true one, whatever its size. Not safe for concurrent use.
/// </summary>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];

    public long Count { get; private set; }

    public long Max { get; private set; }

    /// <param name="value">Any unit; below zero counts as zero.</param>
    public void Record(long value)
    {
        value = Math.Max(0, value);
        _counts[IndexOf(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The value that <paramref name="percent"/> of all do not exceed: the upper end of its bucket; 0 when empty.</summary>
    public long Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return Math.Min(UpperEndOf(i), Max);
            }
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        // Below 64 each value has its own bucket; above, the six bits after the leading one choose within the doubling.
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static long UpperEndOf(int index)
    {
        var shift = Math.Max(0, (index / SubBuckets) - 1);
        var sub = index - (shift * SubBuckets);
        return ((long)(sub + 1) << shift) - 1;
    }
}
