using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Actors.Calls;

/// <summary>Waiting tickets of one class in the order of waiting, and when they are many, also by interest.</summary>
internal sealed class MatchBucket(MatchClass matchClass)
{
    /// <summary>Up to this many are looked at one by one, so that an index of their interests would be of no use.</summary>
    internal const int SmallCount = 16;

    private static readonly Comparer<MatchEntry> Order = Comparer<MatchEntry>.Create(MatchEntry.Compare);

    private readonly SortedSet<MatchEntry> _entries = new(Order);
    private Dictionary<string, SortedSet<MatchEntry>>? _byInterest;

    internal MatchClass Class { get; } = matchClass;

    internal SortedSet<MatchEntry> Entries => _entries;

    internal bool IsIndexed => _byInterest is not null;

    internal static SortedSet<MatchEntry> NewSet() => new(Order);

    internal void Add(MatchEntry entry)
    {
        _entries.Add(entry);
        if (_byInterest is not null)
        {
            Index(_byInterest, entry);
        }
        else if (_entries.Count > SmallCount)
        {
            _byInterest = new Dictionary<string, SortedSet<MatchEntry>>(StringComparer.Ordinal);
            foreach (var other in _entries)
            {
                Index(_byInterest, other);
            }
        }
    }

    internal void Remove(MatchEntry entry)
    {
        _entries.Remove(entry);
        if (_byInterest is null)
        {
            return;
        }

        // Not at the same number as above, or a bucket about that size would be indexed again and again.
        if (_entries.Count <= SmallCount / 2)
        {
            _byInterest = null;
            return;
        }

        foreach (var interest in entry.Profile.Interests)
        {
            if (_byInterest.TryGetValue(interest, out var set) && set.Remove(entry) && set.Count == 0)
            {
                _byInterest.Remove(interest);
            }
        }
    }

    internal bool TryGetInterested(string interest, [NotNullWhen(true)] out SortedSet<MatchEntry>? entries)
    {
        entries = null;
        return _byInterest is not null && _byInterest.TryGetValue(interest, out entries);
    }

    private static void Index(Dictionary<string, SortedSet<MatchEntry>> index, MatchEntry entry)
    {
        foreach (var interest in entry.Profile.Interests)
        {
            if (!index.TryGetValue(interest, out var set))
            {
                index.Add(interest, set = new SortedSet<MatchEntry>(Order));
            }

            set.Add(entry);
        }
    }
}
