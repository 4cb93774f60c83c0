using System.Collections.Concurrent;
using System.Globalization;

namespace PeerSync.Host.Metrics;

/// <summary>Counters told apart by one label, such as a close code.</summary>
/// <remarks>
/// Thread-safe. Clients choose some labels (they may close with any of 4,000 codes), so the number kept is bounded and the rest is counted
/// together as <c>other</c>.
/// </remarks>
internal sealed class LabeledCounters<TLabel>
    where TLabel : notnull
{
    private const int MaxLabels = 64;

    private readonly ConcurrentDictionary<TLabel, StripedCounter> _counters = new();
    private readonly StripedCounter _other = new();
    private readonly Lock _gate = new();

    /// <summary>The counter of a label.</summary>
    public StripedCounter this[TLabel label] => _counters.TryGetValue(label, out var counter) ? counter : Add(label);

    /// <summary>Every label seen with its count.</summary>
    public IEnumerable<KeyValuePair<string, long>> Read()
    {
        foreach (var (label, counter) in _counters)
        {
            yield return new(Convert.ToString(label, CultureInfo.InvariantCulture)!, counter.Value);
        }

        if (_other.Value > 0)
        {
            yield return new("other", _other.Value);
        }
    }

    private StripedCounter Add(TLabel label)
    {
        lock (_gate)
        {
            return _counters.Count < MaxLabels ? _counters.GetOrAdd(label, static _ => new StripedCounter()) : _other;
        }
    }
}
