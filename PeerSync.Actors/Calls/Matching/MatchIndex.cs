using PeerSync.Protocol.Calls;

namespace PeerSync.Actors.Calls;

/// <summary>The waiting tickets of a pool, arranged so that the partners of one are found without looking at those who cannot be it.</summary>
internal sealed class MatchIndex
{
    // How many of each group are scored: the longest waiting ones of a class, and of each of the seeker's interests in it.
    private const int MaxScored = MatchBucket.SmallCount;
    private const int MaxScoredByInterest = 8;

    private readonly Dictionary<string, MatchScope> _regions = new(StringComparer.Ordinal);
    private readonly MatchScope _all = new();

    internal void Add(MatchEntry entry)
    {
        if (!_regions.TryGetValue(entry.Profile.Region, out var region))
        {
            _regions.Add(entry.Profile.Region, region = new MatchScope());
        }

        region.Add(entry);
        _all.Add(entry);
    }

    internal void Remove(MatchEntry entry)
    {
        if (_regions.TryGetValue(entry.Profile.Region, out var region))
        {
            region.Remove(entry);
            if (region.IsEmpty)
            {
                _regions.Remove(entry.Profile.Region);
            }
        }

        _all.Remove(entry);
    }

    /// <summary>Finds the partners of a ticket among those that wait.</summary>
    /// <param name="seeker">The ticket; may wait itself.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="metSince">Who met after this time is a recent partner.</param>
    internal MatchCandidates Find(MatchEntry seeker, long now, long metSince)
    {
        var search = new Search(seeker, now, metSince);
        if (seeker.Profile.Region == CallsRegions.Global)
        {
            search.Scan(_all);
        }
        else
        {
            if (_regions.TryGetValue(seeker.Profile.Region, out var own))
            {
                search.Scan(own);
            }

            if (_regions.TryGetValue(CallsRegions.Global, out var global))
            {
                search.Scan(global);
            }
        }

        return search.Found;
    }

    /// <summary>One search for partners.</summary>
    private struct Search(MatchEntry seeker, long now, long metSince)
    {
        internal MatchCandidates Found { get; private set; }

        internal void Scan(MatchScope scope)
        {
            foreach (var bucket in scope.Buckets)
            {
                if (!seeker.Class.Meets(bucket.Class))
                {
                    continue;
                }

                Scan(bucket.Entries, MaxScored);
                if (!bucket.IsIndexed)
                {
                    continue;
                }

                foreach (var interest in seeker.Profile.Interests)
                {
                    if (bucket.TryGetInterested(interest, out var entries))
                    {
                        Scan(entries, MaxScoredByInterest);
                    }
                }
            }
        }

        // Those who are skipped do not count: the seeker and who was blocked or met by it or has done so. A ticket bounds them, not the pool.
        private void Scan(SortedSet<MatchEntry> entries, int max)
        {
            foreach (var candidate in entries)
            {
                if (candidate == seeker || seeker.HasBlocked(candidate) || candidate.HasBlocked(seeker))
                {
                    continue;
                }

                if (seeker.HasMet(candidate, metSince) || candidate.HasMet(seeker, metSince))
                {
                    if (seeker.Level == MatchRelaxation.Rematch && candidate.Level == MatchRelaxation.Rematch
                        && (Found.Rematch is null || candidate.IsBefore(Found.Rematch)))
                    {
                        Found = Found with { Rematch = candidate };
                    }

                    continue;
                }

                Consider(candidate);
                if (--max == 0)
                {
                    break;
                }
            }
        }

        private void Consider(MatchEntry candidate)
        {
            if (Found.Longest is null || candidate.IsBefore(Found.Longest))
            {
                Found = Found with { Longest = candidate };
            }

            var score = Score(seeker, candidate, now);
            if (Found.Best is null || score > Found.Score || (score == Found.Score && candidate.IsBefore(Found.Best)))
            {
                Found = Found with { Best = candidate, Score = score };
            }
        }
    }

    internal static int Score(MatchEntry first, MatchEntry second, long now) =>
        CallsScore.Of(first.Profile, second.Profile, TimeSpan.FromMilliseconds((first.Waited(now) + second.Waited(now)) / 2.0));
}

/// <summary>What a search for partners found.</summary>
/// <param name="Longest">Who has waited longest of all who would do.</param>
/// <param name="Best">Who fits best of those that were scored; of several the one that has waited longest.</param>
/// <param name="Score">The score of that one.</param>
/// <param name="Rematch">Who has waited longest of the recent partners that would do when nobody else is there. Complete only when nobody else is.</param>
internal readonly record struct MatchCandidates(MatchEntry? Longest, MatchEntry? Best, int Score, MatchEntry? Rematch);
