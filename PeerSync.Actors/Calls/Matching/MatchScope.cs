namespace PeerSync.Actors.Calls;

/// <summary>The waiting tickets of one region, or of all, by class. There are at most a hundred classes, and mostly a handful.</summary>
internal sealed class MatchScope
{
    private readonly List<MatchBucket> _buckets = [];

    internal bool IsEmpty => _buckets.Count == 0;

    internal List<MatchBucket> Buckets => _buckets;

    internal void Add(MatchEntry entry)
    {
        var bucket = Find(entry.Class);
        if (bucket is null)
        {
            _buckets.Add(bucket = new MatchBucket(entry.Class));
        }

        bucket.Add(entry);
    }

    internal void Remove(MatchEntry entry)
    {
        if (Find(entry.Class) is { } bucket)
        {
            bucket.Remove(entry);
            if (bucket.Entries.Count == 0)
            {
                _buckets.Remove(bucket);
            }
        }
    }

    private MatchBucket? Find(MatchClass matchClass)
    {
        foreach (var bucket in _buckets)
        {
            if (bucket.Class == matchClass)
            {
                return bucket;
            }
        }

        return null;
    }
}
