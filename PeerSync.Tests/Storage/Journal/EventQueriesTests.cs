using System.Text;
using PeerSync.Kernel;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage.Journal;

public sealed class EventQueriesTests(PostgresFixture postgres) : JournalTestBase(postgres)
{
    private static readonly DateTimeOffset Created = DateTimeOffset.FromUnixTimeMilliseconds(Now);

    [Theory]
    [BothEngines]
    public async Task A_page_ends_at_its_limits_and_tells_whether_there_is_more(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await JournalOf(store).WriteMessagesAsync(EventsOf("alice", 1, 300));

        var page = await store.Events.ReadPageAsync("alice", 0, long.MaxValue, DateTimeOffset.MinValue, 100, 1_000_000, None);
        Assert.Equal(Numbers(1, 100), page.Events.Select(e => e.SequenceNr));
        Assert.Equal((true, 100), (page.HasMore, page.LastSequenceNr));
        Assert.Equal((Created, "text-1", "7"), (page.Events[6].Created, page.Events[6].Manifest, Encoding.UTF8.GetString(page.Events[6].Message)));

        page = await store.Events.ReadPageAsync("alice", 200, 300, DateTimeOffset.MinValue, 100, 1_000_000, None);
        Assert.Equal(Numbers(201, 300), page.Events.Select(e => e.SequenceNr));
        Assert.Equal((false, 300), (page.HasMore, page.LastSequenceNr));

        page = await store.Events.ReadPageAsync("alice", 290, 295, DateTimeOffset.MinValue, 100, 1_000_000, None);
        Assert.Equal((5, false), (page.Events.Count, page.HasMore));

        page = await store.Events.ReadPageAsync("alice", 300, long.MaxValue, DateTimeOffset.MinValue, 100, 1_000_000, None);
        Assert.Empty(page.Events);
        Assert.Equal((false, 300), (page.HasMore, page.LastSequenceNr));
    }

    [Theory]
    [BothEngines]
    public async Task A_page_holds_no_more_bytes_than_it_may_but_one_event_at_least(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var sizes = Enumerable.Range(0, 400).Select(i => i is 200 or 201 ? 5000 : 100).ToArray();
        await JournalOf(store).WriteMessagesAsync([.. sizes.Select((size, i) => new Persistent(new string('x', size), i + 1, "alice", "writer", Now))]);

        // However it is cut, pages in a row give everything once.
        foreach (var maxBytes in new[] { 1, 100, 250, 5000, 12_345, 1_000_000 })
        {
            var read = new List<int>();
            var (after, hasMore) = (0L, true);
            while (hasMore)
            {
                var page = await store.Events.ReadPageAsync("alice", after, long.MaxValue, DateTimeOffset.MinValue, 300, maxBytes, None);
                Assert.NotEmpty(page.Events);
                Assert.True(page.Events.Count == 1 || page.Events.Sum(e => e.Message.Length) <= maxBytes);
                read.AddRange(page.Events.Select(e => e.Message.Length));
                (after, hasMore) = (page.LastSequenceNr, page.HasMore);
            }

            Assert.Equal(sizes, read);
        }
    }

    [Theory]
    [BothEngines]
    public async Task What_is_too_old_is_left_out(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 3, timestamp: Now - 1));
        await journal.WriteMessagesAsync(EventsOf("alice", 4, 5));

        var page = await store.Events.ReadPageAsync("alice", 0, long.MaxValue, Created, 100, 1000, None);

        Assert.Equal([4, 5], page.Events.Select(e => e.SequenceNr));
    }

    [Theory]
    [BothEngines]
    public async Task Tagged_events_come_newest_first_with_their_total(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync([.. Numbers(1, 20).Select(nr => nr % 2 == 0 ? Tagged("alice", nr, "even", "all") : Tagged("alice", nr, "all"))]);
        await journal.WriteMessagesAsync([Tagged("bob", 1, "even")]);

        var page = await store.Events.ReadTaggedAsync("alice", "even", 3, 2, None);
        Assert.Equal([16, 14, 12], page.Events.Select(e => e.SequenceNr));
        Assert.Equal("tagged 16", Encoding.UTF8.GetString(page.Events[0].Message));
        Assert.Equal(10, page.Total);
        Assert.Equal(20, (await store.Events.ReadTaggedAsync("alice", "all", 0, 0, None)).Total);
        Assert.Empty((await store.Events.ReadTaggedAsync("alice", "even", 3, 10, None)).Events);
        Assert.Equal(0, (await store.Events.ReadTaggedAsync("alice", "odd", 3, 0, None)).Total);
    }

    [Theory]
    [BothEngines]
    public async Task Events_are_found_by_a_range_of_tags_in_the_order_of_their_bytes(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        string[] tags = ["expires:2026-11-21T14", "expires:2026-11-21T15", "expires:2026-11-21T13", "Expires:2026-01-01T00", "expires", "expiresx", "zzz"];
        for (var i = 0; i < tags.Length; i++)
        {
            await journal.WriteMessagesAsync([Tagged($"actor{i}", 1, tags[i])]);
        }

        Assert.Equal([("actor2", 1), ("actor0", 1)], await store.Events.FindTaggedUpToAsync("expires:", "expires:2026-11-21T14", 10, None));
        Assert.Equal([("actor2", 1)], await store.Events.FindTaggedUpToAsync("expires:", "expires:2026-11-21T14", 1, None));
        Assert.Empty(await store.Events.FindTaggedUpToAsync("expires:", "expires:2026-11-21T12", 10, None));
    }

    [Theory]
    [BothEngines]
    public async Task Old_events_are_found_per_actor(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        foreach (var id in (string[])["sync-a", "sync-b", "sync-\U0001F600", "room-a", "sync"])
        {
            await journal.WriteMessagesAsync(EventsOf(id, 1, 3, timestamp: Now - 10));
            await journal.WriteMessagesAsync(EventsOf(id, 4, 5));
        }

        await journal.WriteMessagesAsync(EventsOf("sync-new", 1, 1));

        var found = await store.Events.FindOldAsync("sync-", Created, 10, None);
        Assert.Equal([("sync-a", 3), ("sync-b", 3), ("sync-\U0001F600", 3)], found.OrderBy(actor => actor.PersistenceId, StringComparer.Ordinal));
        Assert.Equal(2, (await store.Events.FindOldAsync("sync-", Created, 2, None)).Count);
        Assert.Empty(await store.Events.FindOldAsync("sync-", Created.AddMilliseconds(-10), 10, None));
    }

    [Theory]
    [BothEngines]
    public async Task Single_events_go_with_their_tags_and_the_highest_number_stays(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync([.. Numbers(1, 1000).Select(nr => Tagged("alice", nr, "red"))]);
        await journal.WriteMessagesAsync([Tagged("bob", 5 - 4, "red")]);

        await store.Events.DeleteAsync("alice", [.. Numbers(301, 1000), 2, 5000], None);

        Assert.Equal([1, .. Numbers(3, 300)], await NumbersAsync(journal, "alice"));
        Assert.Equal(299, await store.Events.CountAsync("alice", None));
        Assert.Equal(299, (await store.Events.ReadTaggedAsync("alice", "red", 1, 0, None)).Total);
        Assert.Equal(1, await store.Events.CountAsync("bob", None));
        Assert.Equal(1000, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
        await journal.WriteMessagesAsync(EventsOf("alice", 1001, 1001, "next"));
    }

    [Theory]
    [BothEngines]
    public async Task A_deleted_stream_leaves_nothing_and_may_begin_anew(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync([.. Numbers(1, 1300).Select(nr => Tagged("alice", nr, "red"))]);
        await journal.DeleteMessagesToAsync("alice", 50, None);
        await store.CreateSnapshotStore(Texts).SaveAsync(new SnapshotMetadata("alice", 100, Created.UtcDateTime), "state", None);
        await journal.WriteMessagesAsync([Tagged("bob", 1, "red")]);

        Assert.Equal(1250, await store.Events.DeleteStreamAsync("alice", None));
        Assert.Equal(0, await store.Events.DeleteStreamAsync("alice", None));

        Assert.Equal(0, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
        Assert.Equal(1, await CountAsync(store.Database, "tags"));
        Assert.Equal(0, await CountAsync(store.Database, "snapshot"));
        Assert.Equal(0, await CountAsync(store.Database, "journal_metadata"));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1));
    }

    [Theory]
    [BothEngines]
    public async Task Limits_are_checked_and_cancellation_is_heard(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Events.ReadPageAsync("a", 0, 1, Created, 0, 1, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Events.ReadPageAsync("a", 0, 1, Created, 1, 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Events.ReadTaggedAsync("a", "t", 1001, 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Events.FindTaggedUpToAsync("t", "u", 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Events.FindOldAsync("a", Created, 10_001, None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Events.CountAsync("a", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Events.DeleteStreamAsync("a", cancelled));
    }
}
