namespace PeerSync.Actors.Sync;

/// <summary>Which of a device's sequence numbers were used: intervals, because devices count up and seldom leave a gap.</summary>
/// <remarks>
/// Not thread-safe. Bounded by forgetting: beyond <see cref="MaxIntervals"/> the lowest gap is taken as used, so that a client that counts in
/// steps costs no memory without end. A number that was skipped so long ago is then taken for a duplicate.
/// </remarks>
public sealed class SequenceSet
{
    /// <summary>The most intervals that are kept.</summary>
    public const int MaxIntervals = 4096;

    // Sorted, apart by at least one number.
    private readonly List<(long First, long Last)> _intervals = [];

    /// <summary>The highest number in it; 0 when it is empty.</summary>
    public long Highest => _intervals.Count == 0 ? 0 : _intervals[^1].Last;

    /// <summary>The intervals, in ascending order.</summary>
    public IReadOnlyList<(long First, long Last)> Intervals => _intervals;

    /// <summary>Adds an interval that lies above all others; for reading what <see cref="Intervals"/> gave.</summary>
    public void Append(long first, long last)
    {
        if (last < first || first <= Highest)
        {
            throw new FormatException("The intervals are not in order.");
        }

        _intervals.Add((first, last));
    }

    /// <summary>Whether a number is in it.</summary>
    public bool Contains(long number)
    {
        var at = IndexOfFirstEndingAtOrAfter(number);
        return at < _intervals.Count && _intervals[at].First <= number;
    }

    /// <summary>Adds a number.</summary>
    /// <returns>False when it was there already.</returns>
    public bool Add(long number)
    {
        var at = IndexOfFirstEndingAtOrAfter(number);
        if (at < _intervals.Count && _intervals[at].First <= number)
        {
            return false;
        }

        var joinsBefore = at > 0 && _intervals[at - 1].Last == number - 1;
        var joinsAfter = at < _intervals.Count && _intervals[at].First == number + 1;
        if (joinsBefore && joinsAfter)
        {
            _intervals[at - 1] = (_intervals[at - 1].First, _intervals[at].Last);
            _intervals.RemoveAt(at);
        }
        else if (joinsBefore)
        {
            _intervals[at - 1] = (_intervals[at - 1].First, number);
        }
        else if (joinsAfter)
        {
            _intervals[at] = (number, _intervals[at].Last);
        }
        else
        {
            _intervals.Insert(at, (number, number));
            if (_intervals.Count > MaxIntervals)
            {
                _intervals[1] = (_intervals[0].First, _intervals[1].Last);
                _intervals.RemoveAt(0);
            }
        }

        return true;
    }

    private int IndexOfFirstEndingAtOrAfter(long number)
    {
        // Nearly always the last interval or behind it.
        if (_intervals.Count == 0 || _intervals[^1].Last < number)
        {
            return _intervals.Count;
        }

        int low = 0, high = _intervals.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_intervals[middle].Last < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
