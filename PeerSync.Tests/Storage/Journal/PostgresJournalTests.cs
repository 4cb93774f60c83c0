using PeerSync.Kernel;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage.Journal;

public sealed class PostgresJournalTests(PostgresFixture postgres) : JournalTestBase(postgres)
{
    [Fact]
    public async Task Connections_that_are_cut_again_and_again_lose_nothing_and_write_nothing_twice()
    {
        const int Writers = 16;
        const int Writes = 60;
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var store = await OpenAsync(options with { JournalTimeout = TimeSpan.FromSeconds(60) });
        var journal = JournalOf(store);

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var nr = 1; nr <= Writes; nr++)
            {
                await journal.WriteMessagesAsync(EventsOf($"actor{writer}", nr, nr));
            }
        })));
        var cuts = 0L;
        while (!writing.IsCompleted && cuts < 30)
        {
            cuts += await PostgresConnections.CutAsync(options);
        }

        await writing.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.NotEqual(0, cuts);
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(Numbers(1, Writes), await NumbersAsync(journal, $"actor{writer}"));
        }
    }

    [Fact]
    public async Task A_server_that_is_restarted_is_waited_for_and_one_that_stays_away_is_reported()
    {
        await using var cluster = await PostgresFixture.CreateClusterAsync();
        var options = new StorageOptions { DataFolder = "/nonexistent", DatabaseUrl = cluster.UrlOf("postgres") };
        var store = await OpenAsync(options with { JournalTimeout = TimeSpan.FromSeconds(60) });
        var hasty = await OpenAsync(options with { JournalTimeout = TimeSpan.FromMilliseconds(500) });
        await JournalOf(store).WriteMessagesAsync(EventsOf("alice", 1, 1));
        await JournalOf(hasty).WriteMessagesAsync(EventsOf("bob", 1, 1));

        await cluster.StopAsync();
        var write = JournalOf(store).WriteMessagesAsync(EventsOf("alice", 2, 2));
        var next = JournalOf(store).WriteMessagesAsync(EventsOf("alice", 3, 3));
        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => EndedAsync(JournalOf(hasty).WriteMessagesAsync(EventsOf("bob", 2, 2)), "the refusal"));
        Assert.NotNull(exception.InnerException);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => ReplayAsync(JournalOf(hasty), "bob"));
        Assert.False(write.IsCompleted);
        await cluster.StartAsync();

        await EndedAsync(Task.WhenAll(write, next), "the writes, after the server was back");
        Assert.Equal([1, 2, 3], await NumbersAsync(JournalOf(store), "alice"));
        await JournalOf(hasty).WriteMessagesAsync(EventsOf("bob", 2, 2));
        Assert.Equal([1, 2], await NumbersAsync(JournalOf(hasty), "bob"));
        await store.DisposeAsync();
        await hasty.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_nodes_that_both_believe_to_own_an_actor_one_wins_each_number()
    {
        const int Rounds = 30;
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var nodes = new[] { JournalOf(await OpenAsync(options)), JournalOf(await OpenAsync(options)) };
        var won = new int[2];

        for (var nr = 1; nr <= Rounds; nr++)
        {
            // Two numbers at a time, so that half a batch would show.
            var attempts = nodes.Select((node, i) => node.WriteMessagesAsync(EventsOf("alice", (nr * 2) - 1, nr * 2, $"node{i}-{nr}"))).ToArray();
            for (var i = 0; i < 2; i++)
            {
                try
                {
                    await EndedAsync(attempts[i], "an answer");
                    won[i]++;
                }
                catch (JournalConflictException)
                {
                    // The other one must have won then, which the sum shows.
                }
            }
        }

        Assert.Equal(Rounds, won.Sum());
        var events = await ReplayAsync(nodes[0], "alice");
        Assert.Equal(Numbers(1, Rounds * 2), events.Select(e => e.SequenceNr));
        Assert.All(events.Chunk(2), pair => Assert.Equal(pair[0].WriterGuid, pair[1].WriterGuid));
        Assert.Equal(won[0] * 2, events.Count(e => e.WriterGuid.StartsWith("node0-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_writer_whose_insert_waited_for_events_that_are_deleted_in_the_same_transaction_is_refused()
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 2, "winner"));
        var inserted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // What another node does: it writes number 3 and clears up, and commits only when the insert of the lagging one waits for it.
        var other = store.Database.WriteAsync(
            "going on with the stream",
            async session =>
            {
                await session.ExecuteAsync(
                    "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, false, 'alice', 3, '')");
                inserted.SetResult();
                await release.Task;
                await session.ExecuteAsync("INSERT INTO journal_metadata VALUES ('alice', 3)");
                return await session.ExecuteAsync("DELETE FROM journal WHERE persistence_id = 'alice'");
            },
            None);
        await inserted.Task.WaitAsync(Patience);
        var lagging = journal.WriteMessagesAsync(EventsOf("alice", 3, 3, "lagging"));
        using var patience = new CancellationTokenSource(Patience);
        while (await CountAsync(store.Database, "pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        release.SetResult();
        await other;

        await Assert.ThrowsAsync<JournalConflictException>(() => EndedAsync(lagging, "the refusal"));
        Assert.Empty(await ReplayAsync(journal, "alice"));
        Assert.Equal(3, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
    }
}
