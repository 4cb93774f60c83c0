using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace PeerSync.Actors.Calls;

/// <summary>A counter told apart by one label or two; thread-safe.</summary>
public sealed class CallsLabels
{
    private const int MaxSeries = 512;
    private const string Other = "other";

    private readonly ConcurrentDictionary<(string First, string Second), StrongBox<long>> _counts = new();

    /// <summary>Counts one.</summary>
    /// <param name="first">The first label's value.</param>
    /// <param name="second">The second label's value; empty where there is none.</param>
    public void Increment(string first, string second = "")
    {
        var key = (first, second);
        if (!_counts.TryGetValue(key, out var count))
        {
            // A few more than the bound may get in at once; what matters is that there is one.
            key = _counts.Count < MaxSeries ? key : (Other, second.Length == 0 ? second : Other);
            count = _counts.GetOrAdd(key, static _ => new StrongBox<long>());
        }

        Interlocked.Increment(ref count.Value);
    }

    /// <summary>Every pair of labels seen, with its count.</summary>
    public IEnumerable<(string First, string Second, long Count)> Read() =>
        _counts.Select(static entry => (entry.Key.First, entry.Key.Second, Interlocked.Read(ref entry.Value.Value)));
}
