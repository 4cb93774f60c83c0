using Microsoft.Data.Sqlite;
using PeerSync.Kernel;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Storage.SqliteConnections;

namespace PeerSync.Tests.Storage.Journal;

public sealed class SqliteJournalTests(PostgresFixture postgres) : JournalTestBase(postgres)
{
    private static readonly string Large = new('x', 300_000);

    [Fact]
    public async Task What_came_while_the_writer_was_busy_is_one_group_in_which_a_conflict_hits_only_its_own_batch()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("bob", 1, 1, "winner"));
        using var blockade = await BlockWriterAsync(store);
        Events.Groups.Clear();

        var writes = Enumerable.Range(1, 30).Select(nr => journal.WriteMessagesAsync(EventsOf("alice", nr, nr))).ToList();
        var refused = journal.WriteMessagesAsync(EventsOf("bob", 1, 1, "loser"));
        writes.Add(journal.WriteMessagesAsync(EventsOf("carol", 1, 5)));
        var peer = store.Peers.SaveUserAsync(User("dave"), None);
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        blockade.Lift();

        await EndedAsync(Task.WhenAll(writes), "the other batches");
        await Assert.ThrowsAsync<JournalConflictException>(() => EndedAsync(refused, "the refusal"));
        await EndedAsync(peer, "the operation in the same transaction");
        Assert.Equal([(36, 32)], Events.Groups);
        Assert.Equal(Numbers(1, 30), await NumbersAsync(journal, "alice"));
        Assert.Equal("winner", Assert.Single(await ReplayAsync(journal, "bob")).WriterGuid);
    }

    [Fact]
    public async Task A_group_is_no_larger_than_it_may_be_and_streams_stay_in_order()
    {
        var store = await OpenAsync((await NewOptionsAsync(DatabaseEngine.Sqlite)) with { JournalGroupEvents = 8 });
        var journal = JournalOf(store);
        using var blockade = await BlockWriterAsync(store);

        var writes = Enumerable.Range(1, 20).SelectMany(nr => new[] { "alice", "bob" }.Select(id => journal.WriteMessagesAsync(EventsOf(id, nr, nr)))).ToList();
        blockade.Lift();
        await EndedAsync(Task.WhenAll(writes), "the writes");

        Assert.All(Events.Groups, group => Assert.InRange(group.Events, 1, 8));
        Assert.Equal(40, Events.Groups.Sum(group => group.Events));
        Assert.Empty(Events.Refusals);
        Assert.Equal(Numbers(1, 20), await NumbersAsync(journal, "alice"));
        Assert.Equal(Numbers(1, 20), await NumbersAsync(journal, "bob"));
    }

    [Fact]
    public async Task Writers_wait_for_room_in_a_full_queue_and_keep_their_order()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { JournalQueueEvents = 4 };
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        using var blockade = await BlockWriterAsync(store);

        var writes = Enumerable.Range(1, 50).Select(nr => journal.WriteMessagesAsync(EventsOf("alice", nr, nr))).ToList();
        writes.Add(journal.WriteMessagesAsync(EventsOf("bob", 1, 10)));
        blockade.Lift();
        await EndedAsync(Task.WhenAll(writes), "the writes");

        Assert.Equal(Numbers(1, 50), await NumbersAsync(journal, "alice"));
        Assert.Equal(Numbers(1, 10), await NumbersAsync(journal, "bob"));
        Assert.All(Events.Groups, group => Assert.True(group.Events <= 4 || group.Batches == 1));
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_whether_inside_the_queue_or_before_it_and_nothing_is_written_later()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { JournalQueueEvents = 4, JournalTimeout = TimeSpan.FromMilliseconds(200) };
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        using var blockade = await BlockWriterAsync(store);

        var writes = Enumerable.Range(1, 10).Select(nr => journal.WriteMessagesAsync(EventsOf("alice", nr, nr))).ToList();
        foreach (var write in writes)
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => EndedAsync(write, "the refusal"));
        }

        Assert.Contains(Events.Failures, failure => failure.Operation == "writing events");
        blockade.Lift();
        await EndedAsync(journal.WriteMessagesAsync(EventsOf("bob", 1, 1)), "a later write");
        Assert.Equal(0, await journal.ReadHighestSequenceNrAsync("alice", 0, None));
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1));
    }

    [Fact]
    public async Task A_file_that_cannot_grow_is_survived_and_the_write_repeated()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        var journal = JournalOf(store);

        // The limit is the connection's own, so it ends with the connection that met it.
        await WriterPragmaAsync(store, $"max_page_count = {await WriterPragmaAsync(store, "page_count")}");
        var first = journal.WriteMessagesAsync([new Persistent(Large, 1, "alice", "writer", Now)]);
        var second = journal.WriteMessagesAsync(EventsOf("alice", 2, 2));

        await EndedAsync(Task.WhenAll(first, second), "the writes");
        Assert.Contains("writing events", Events.Retries);
        Assert.Equal([1, 2], await NumbersAsync(journal, "alice"));
        Assert.Empty(Events.Failures);
    }

    [Fact]
    public async Task A_full_disk_is_outlasted_and_one_that_stays_full_is_reported()
    {
        await using var disk = await SmallDisk.MountAsync();
        var options = new StorageOptions { DataFolder = disk.Folder };
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        await journal.WriteMessagesAsync(EventsOf("alice", 1, 1));
        disk.Fill();

        var write = journal.WriteMessagesAsync([new Persistent(Large, 2, "alice", "writer", Now)]);
        var next = journal.WriteMessagesAsync(EventsOf("alice", 3, 3));
        await RetriedAsync();
        Assert.False(write.IsCompleted);
        Assert.Equal([1], await NumbersAsync(journal, "alice"));
        disk.Clear();
        await EndedAsync(Task.WhenAll(write, next), "the writes, after there was room");
        Assert.Equal([1, 2, 3], await NumbersAsync(journal, "alice"));
        await store.DisposeAsync();

        store = await OpenAsync(options with { JournalTimeout = TimeSpan.FromMilliseconds(300) });
        journal = JournalOf(store);
        disk.Fill();
        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => EndedAsync(journal.WriteMessagesAsync([new Persistent(Large, 4, "alice", "writer", Now)]), "the refusal"));
        Assert.IsType<SqliteException>(exception.InnerException);
        disk.Clear();
        await EndedAsync(journal.WriteMessagesAsync([new Persistent(Large, 4, "alice", "writer", Now)]), "the write, after there was room");
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(journal, "alice"));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_another_process_locks_is_waited_for()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { BusyTimeout = TimeSpan.FromMilliseconds(20) };
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        await using var other = OpenFile(store);
        Run(other, "BEGIN IMMEDIATE");

        var write = journal.WriteMessagesAsync(EventsOf("alice", 1, 3));
        await RetriedAsync();
        Assert.False(write.IsCompleted);
        Run(other, "ROLLBACK");

        await EndedAsync(write, "the write, after the lock was gone");
        Assert.Equal([1, 2, 3], await NumbersAsync(journal, "alice"));
    }

    [Fact]
    public async Task A_transaction_that_is_lost_before_its_commit_is_repeated()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        var journal = JournalOf(store);
        using var blockade = await BlockWriterAsync(store);

        // Both share the writer's next transaction, which is then ended behind its back.
        var write = journal.WriteMessagesAsync(EventsOf("alice", 1, 3));
        var culprit = ExecuteAsync(store.Database, "ROLLBACK");
        blockade.Lift();

        await EndedAsync(write, "the repeated write");
        await Assert.ThrowsAnyAsync<Exception>(() => EndedAsync(culprit, "the culprit"));
        Assert.Equal([1, 2, 3], await NumbersAsync(journal, "alice"));
        Assert.Contains("writing events", Events.Retries);
    }

    [Fact]
    public async Task Closing_gives_up_at_its_deadline_and_fails_what_still_waits()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) };
        var store = await OpenAsync(options);
        var journal = JournalOf(store);
        using var blockade = await BlockWriterAsync(store);
        var write = journal.WriteMessagesAsync(EventsOf("alice", 1, 1));

        await EndedAsync(store.DisposeAsync().AsTask(), "the end of closing");

        await Assert.ThrowsAsync<JournalUnavailableException>(() => EndedAsync(write, "the refusal"));
    }

    private async Task RetriedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Events.Retries.Contains("writing events"))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
