using PeerSync.Storage.Sharing;

namespace PeerSync.Tests.Sharing;

/// <summary>The feed's tables for tests of its actors: every answer waits until the test lets it go, unless it lets all go.</summary>
internal sealed class MemoryFeed : ISharingFeed
{
    private readonly Lock _gate = new();
    private readonly List<SharingEvent> _events = [];
    private readonly Dictionary<string, string[]> _mates = new(StringComparer.Ordinal);

    /// <summary>What the end is said to be; by default that of the events.</summary>
    internal Func<Task<long>>? LastId { get; set; }

    /// <summary>Called before a list is answered.</summary>
    internal Func<Task>? BeforeList { get; set; }

    /// <summary>How often lists were asked for.</summary>
    internal int Lists { get; private set; }

    internal SharingEvent Add(params string[] audience)
    {
        lock (_gate)
        {
            var id = _events.Count + 1;
            var happened = new SharingEvent(id, DateTimeOffset.UnixEpoch, new SharingEventText("test", $$"""{"n":{{id}}}"""), audience);
            _events.Add(happened);
            return happened;
        }
    }

    internal void SetMates(string userId, params string[] mates)
    {
        lock (_gate)
        {
            _mates[userId] = mates;
        }
    }

    public Task<long> GetLastIdAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return LastId?.Invoke() ?? Task.FromResult((long)_events.Count);
        }
    }

    public async Task<IReadOnlyList<SharingEvent>> ListAsync(long after, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Lists++;
        }

        if (BeforeList is { } wait)
        {
            await wait();
        }

        lock (_gate)
        {
            return [.. _events.Where(one => one.Id > after).Take(limit)];
        }
    }

    public Task<SharingFeedPage> ListForUserAsync(string userId, long after, long upTo, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SharingEvent[] found = [.. _events.Where(one => one.Id > after && one.Id <= upTo && one.Audience.Contains(userId)).Take(limit)];
            return Task.FromResult(new SharingFeedPage(found, found.Length < limit, after > _events.Count));
        }
    }

    public Task<IReadOnlyList<string>> ListMatesAsync(string userId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<string>>(_mates.TryGetValue(userId, out var mates) ? mates : []);
        }
    }

    public Task<int> DeleteExpiredAsync(TimeSpan retention, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
