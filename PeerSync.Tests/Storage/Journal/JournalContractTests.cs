using PeerSync.Kernel;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage.Journal;

public sealed class JournalContractTests(PostgresFixture postgres) : JournalTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task Events_come_back_as_they_were_in_order_and_within_limits(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        var written = EventsOf("alice", 1, 10);
        await journal.WriteMessagesAsync(written);
        await journal.WriteMessagesAsync(EventsOf("alic", 1, 2));
        await journal.WriteMessagesAsync([Tagged("alice", 11, "a", "b")]);

        Assert.Equal([.. written, new Persistent("tagged 11", 11, "alice", "writer", Now)], await ReplayAsync(journal, "alice"));
        Assert.Equal(written[2..5], await ReplayAsync(journal, "alice", from: 3, to: 5));
        Assert.Equal(written[2..4], await ReplayAsync(journal, "alice", from: 3, max: 2));
        Assert.Empty(await ReplayAsync(journal, "alice", max: 0));
        Assert.Empty(await ReplayAsync(journal, "alice", from: 12));
        Assert.Empty(await ReplayAsync(journal, "nobody"));
        Assert.Empty(await ReplayAsync(journal, "no\0body"));
    }

    [Theory]
    [BothEngines]
    public async Task Many_and_large_events_are_replayed_page_by_page(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        for (var first = 1; first < 2500; first += 500)
        {
            await journal.WriteMessagesAsync(EventsOf("many", first, first + 499));
        }

        var large = Enumerable.Range(1, 9).Select(i => new Persistent(new string((char)('a' + i), i * 150_000), i, "large", "writer", Now)).ToList();
        await journal.WriteMessagesAsync(large);

        Assert.Equal(Numbers(1, 2500), await NumbersAsync(journal, "many"));
        Assert.Equal(Numbers(1, 1001), (await ReplayAsync(journal, "many", max: 1001)).Select(e => e.SequenceNr));
        Assert.Equal(large, await ReplayAsync(journal, "large"));
    }

    [Theory]
    [BothEngines]
    public async Task The_highest_number_survives_deletion_and_reopening(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        Assert.Equal(0, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1200, "first"));

        await journal.DeleteMessagesToAsync("alice", 1100, None);
        Assert.Equal(Numbers(1101, 1200), await NumbersAsync(journal, "alice"));
        Assert.Equal(1200, await journal.ReadHighestSequenceNrAsync("alice", 0, None));

        await journal.DeleteMessagesToAsync("alice", long.MaxValue, None);
        await journal.DeleteMessagesToAsync("alice", 5, None);
        await journal.DeleteMessagesToAsync("nobody", 5, None);
        await store.DisposeAsync();
        journal = JournalOf(await OpenAsync(options));
        Assert.Empty(await ReplayAsync(journal, "alice"));
        Assert.Equal(1200, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
        Assert.Equal(0, await journal.ReadHighestSequenceNrAsync("nobody", 0, None));

        await journal.WriteMessagesAsync(EventsOf("alice", 1201, 1201, "second"));
        Assert.Equal([1201], await NumbersAsync(journal, "alice"));
    }

    [Theory]
    [BothEngines]
    public async Task A_write_is_all_or_nothing(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 3, "winner"));

        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 3, 5, "loser")));
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 3, 5, "winner")));

        Assert.Equal([1, 2, 3], await NumbersAsync(journal, "alice"));
        Assert.Equal(2, Events.Refusals.Count);
    }

    [Theory]
    [BothEngines]
    public async Task A_number_behind_a_gap_is_refused(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 2));

        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 4, 4)));
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("bob", 2, 2)));

        await journal.WriteMessagesAsync(EventsOf("alice", 3, 3, "next"));
        Assert.Equal([1, 2, 3], await NumbersAsync(journal, "alice"));
        Assert.Empty(await ReplayAsync(journal, "bob"));
    }

    [Theory]
    [BothEngines]
    public async Task Who_was_refused_cannot_go_on_behind_what_the_other_writer_has_stored(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1, "winner"));

        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 1, 1, "loser")));
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 2, 2, "loser")));

        await journal.WriteMessagesAsync(EventsOf("bob", 1, 1, "loser"));
        await journal.WriteMessagesAsync(EventsOf("alice", 2, 2, "winner"));
        Assert.Equal([1, 2], await NumbersAsync(journal, "alice"));
    }

    [Theory]
    [BothEngines]
    public async Task A_writer_that_lags_is_refused_although_what_it_missed_is_deleted(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 6, "winner"));
        await journal.DeleteMessagesToAsync("alice", 5, None);
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 4, 4, "lagging")));
        await journal.DeleteMessagesToAsync("alice", 6, None);
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("alice", 6, 7, "lagging")));

        // Deleted in the middle, so that no number above it is free.
        await journal.WriteMessagesAsync(EventsOf("bob", 1, 6, "winner"));
        await store.Events.DeleteAsync("bob", [4], None);
        await Assert.ThrowsAsync<JournalConflictException>(() => journal.WriteMessagesAsync(EventsOf("bob", 4, 4, "lagging")));

        await journal.WriteMessagesAsync(EventsOf("alice", 7, 7, "winner"));
        Assert.Equal([7], await NumbersAsync(journal, "alice"));
        Assert.Equal([1, 2, 3, 5, 6], await NumbersAsync(journal, "bob"));
    }

    [Theory]
    [BothEngines]
    public async Task Writing_the_same_again_by_the_same_writer_succeeds_without_a_second_copy(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync([Tagged("alice", 1, "red"), Tagged("alice", 2, "red")]);

        await journal.WriteMessagesAsync([Tagged("alice", 1, "red"), Tagged("alice", 2, "red")]);
        await journal.WriteMessagesAsync([Tagged("alice", 2, "red")]);

        Assert.Equal([1, 2], await NumbersAsync(journal, "alice"));
        Assert.Equal(2, await CountAsync(store.Database, "tags"));
        Assert.Empty(Events.Refusals);
    }

    [Theory]
    [BothEngines]
    public async Task Many_writers_at_once_lose_nothing_and_share_groups(DatabaseEngine engine)
    {
        const int Writers = 64;
        const int Writes = 25;
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        var journal = JournalOf(store);

        // Each has up to five writes under way.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var first = 0; first < Writes; first += 5)
            {
                await Task.WhenAll(Enumerable.Range(first + 1, 5).Select(nr => journal.WriteMessagesAsync(EventsOf($"actor{writer}", nr, nr))));
            }
        }))).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Writers * Writes, Events.Groups.Sum(group => group.Batches));
        Assert.True(Events.Groups.Count < Writers * Writes / 2, $"{Events.Groups.Count} groups");
        Assert.Empty(Events.Refusals);
        await store.DisposeAsync();
        journal = JournalOf(await OpenAsync(options));
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(Numbers(1, Writes), await NumbersAsync(journal, $"actor{writer}"));
        }
    }

    [Theory]
    [BothEngines]
    public async Task A_conflict_hits_its_own_stream_only_and_what_waits_behind_it(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1, "winner"));

        var others = new List<Task>();
        var losers = new List<Task>();
        for (var nr = 1; nr <= 20; nr++)
        {
            others.AddRange(Enumerable.Range(0, 10).Select(i => journal.WriteMessagesAsync(EventsOf($"actor{i}", nr, nr))));
            losers.Add(journal.WriteMessagesAsync(EventsOf("alice", nr, nr, "loser")));
        }

        await EndedAsync(Task.WhenAll(others), "the other writers");
        foreach (var loser in losers)
        {
            await Assert.ThrowsAsync<JournalConflictException>(() => EndedAsync(loser, "the refusal"));
        }

        Assert.Equal("winner", Assert.Single(await ReplayAsync(journal, "alice")).WriterGuid);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Numbers(1, 20), await NumbersAsync(journal, $"actor{i}"));
        }
    }

    [Theory]
    [BothEngines]
    public async Task The_highest_number_includes_what_an_earlier_incarnation_has_queued_up(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));

        var writes = Enumerable.Range(1, 50).Select(nr => journal.WriteMessagesAsync(EventsOf("alice", nr, nr))).ToList();
        var highest = await WithinAsync(journal.ReadHighestSequenceNrAsync("alice", 0, None), "the highest number");

        Assert.Equal(50, highest);
        await EndedAsync(Task.WhenAll(writes), "the writes");
    }

    [Theory]
    [BothEngines]
    public async Task What_cannot_be_stored_is_refused_before_it_reaches_others(DatabaseEngine engine)
    {
        var journal = JournalOf(await OpenAsync(engine));

        await journal.WriteMessagesAsync([]);
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync(EventsOf("a\0", 1, 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync(EventsOf("", 1, 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync(EventsOf(new string('x', 641), 1, 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync([Tagged("alice", 1, "\uD800")]));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync([Tagged("alice", 1, new string('x', 129))]));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync([.. EventsOf("alice", 1, 1), .. EventsOf("alice", 3, 3)]));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync([.. EventsOf("alice", 1, 1), .. EventsOf("bob", 2, 2)]));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.WriteMessagesAsync([new Persistent(1.5, 1, "alice", "writer", Now)]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => journal.WriteMessagesAsync(EventsOf("alice", 0, 0)));

        // The longest that are allowed fit into the indexes even where each character takes three bytes.
        var random = new Random(5);
        string Name(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
        var (id, tag) = (Name(640), Name(128));
        await journal.WriteMessagesAsync([Tagged(id, 1, tag)]);
        Assert.Single(await ReplayAsync(journal, id));
    }

    [Theory]
    [BothEngines]
    public async Task A_replay_ends_when_it_is_cancelled_or_an_event_cannot_be_read(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 10));
        using var ending = new CancellationTokenSource();
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => journal.ReplayMessagesAsync(
            "alice",
            1,
            long.MaxValue,
            long.MaxValue,
            _ =>
            {
                seen++;
                ending.Cancel();
            },
            ending.Token));

        Assert.Equal(1, seen);
        await Assert.ThrowsAsync<FormatException>(() => ReplayAsync(store.CreateJournal(Serialization.Empty), "alice"));
    }

    [Theory]
    [BothEngines]
    public async Task Closing_writes_what_has_queued_up_and_then_refuses(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        var journal = JournalOf(store);

        var writes = Enumerable.Range(1, 500).Select(nr => journal.WriteMessagesAsync(EventsOf($"actor{nr % 50}", (nr - 1) / 50 + 1, (nr - 1) / 50 + 1))).ToList();
        await store.DisposeAsync();

        Assert.All(writes, write => Assert.True(write.IsCompleted));
        await Task.WhenAll(writes);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.WriteMessagesAsync(EventsOf("alice", 1, 1)));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => ReplayAsync(journal, "alice"));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.ReadHighestSequenceNrAsync("alice", 0, None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.DeleteMessagesToAsync("alice", 1, None));
        Assert.Equal(500, await CountAsync((await OpenAsync(options)).Database, "journal"));
    }
}
