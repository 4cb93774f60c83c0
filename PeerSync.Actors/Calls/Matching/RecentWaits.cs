namespace PeerSync.Actors.Calls;

/// <summary>How long those waited who were matched lately, to tell others what to expect.</summary>
internal sealed class RecentWaits
{
    private const int Capacity = 64;
    private const int Enough = 5;

    // What the original tells: three seconds for each that waits, and never less than five.
    private const long MinEstimate = 5_000;
    private const long PerWaiting = 3_000;
    private const long MaxEstimate = 600_000;

    private readonly Queue<long> _waits = new(Capacity);
    private long[]? _sorted;

    internal void Add(long milliseconds)
    {
        if (_waits.Count == Capacity)
        {
            _waits.Dequeue();
        }

        _waits.Enqueue(milliseconds);
        _sorted = null;
    }

    /// <summary>What is left to wait for who has waited so long: what half of those had left who had waited as long and were matched.</summary>
    internal TimeSpan Estimate(long waited, int poolSize)
    {
        _sorted ??= [.. _waits.Order()];
        var first = Array.FindIndex(_sorted, wait => wait > waited);
        var longer = first < 0 ? 0 : _sorted.Length - first;
        var left = longer >= Enough ? _sorted[first + (longer / 2)] - waited : PerWaiting * poolSize;
        return TimeSpan.FromMilliseconds(Math.Clamp(left, MinEstimate, MaxEstimate));
    }
}
