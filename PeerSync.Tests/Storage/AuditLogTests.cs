using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class AuditLogTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task Entries_come_back_newest_first_with_their_time(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var before = store.Database.Now;
        var full = new AuditEntry("peers", "login.refused", "alice", "token", "expired \u00FC");
        var bare = new AuditEntry("rooms", "start", null, null, null);

        await store.Audit.AppendAsync(full, None);
        await store.Audit.AppendAsync(bare, None);

        var records = await store.Audit.ReadNewestAsync(null, 10, None);
        Assert.Equal([bare, full], records.Select(record => record.Entry));
        Assert.True(records[0].Id > records[1].Id);
        Assert.All(records, record => Assert.InRange(record.At, before, store.Database.Now));
    }

    [Theory]
    [BothEngines]
    public async Task A_feature_and_a_limit_narrow_what_is_read(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        for (var i = 0; i < 6; i++)
        {
            await store.Audit.AppendAsync(new AuditEntry(i % 2 == 0 ? "peers" : "rooms", $"action{i}", null, null, null), None);
        }

        Assert.Equal(["action4", "action2"], await ActionsAsync(store, "peers", 2));
        Assert.Equal(["action5", "action4", "action3"], await ActionsAsync(store, null, 3));
        Assert.Empty(await ActionsAsync(store, "calls", 1000));
        Assert.Empty(await ActionsAsync(store, "pe\0ers", 1000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Audit.ReadNewestAsync(null, 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Audit.ReadNewestAsync(null, 1001, None));
    }

    [Theory]
    [BothEngines]
    public async Task Entries_are_appended_together_and_found_by_whom_what_and_when(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var alice = new AuditEntry("rooms", "joined", "alice", "room-1", "{}");
        var bob = new AuditEntry("rooms", "joined", "bob", "room-1", "{}");
        var elsewhere = new AuditEntry("rooms", "joined", "alice", "room-2", "{}");
        await store.Audit.AppendAsync([alice, bob, elsewhere, new AuditEntry("peers", "joined", "alice", "room-1", "{}")], None);

        Assert.Equal([elsewhere, bob, alice], await FindAsync(new AuditFilter("rooms", null, null, null)));
        Assert.Equal([elsewhere, alice], await FindAsync(new AuditFilter("rooms", "alice", null, null)));
        Assert.Equal([bob, alice], await FindAsync(new AuditFilter("rooms", null, "room-1", store.Database.Now.AddHours(-1))));
        Assert.Equal([alice], await FindAsync(new AuditFilter("rooms", "alice", "room-1", null)));
        Assert.Empty(await FindAsync(new AuditFilter("rooms", null, null, store.Database.Now.AddHours(1))));
        Assert.Equal([elsewhere], await FindAsync(new AuditFilter("rooms", null, null, null), limit: 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Audit.FindAsync(new AuditFilter("rooms", null, null, null), 0, None));

        async Task<IEnumerable<AuditEntry>> FindAsync(AuditFilter filter, int limit = 1000) =>
            (await store.Audit.FindAsync(filter, limit, None)).Select(static record => record.Entry);
    }

    [Theory]
    [BothEngines]
    public async Task Old_entries_go_in_batches_oldest_first_and_ids_are_never_given_again(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        for (var i = 0; i < 5; i++)
        {
            await store.Audit.AppendAsync(new AuditEntry("peers", $"action{i}", null, null, null), None);
        }

        var records = await store.Audit.ReadNewestAsync(null, 10, None);
        var lastId = records[0].Id;
        var border = records[0].At;

        Assert.Equal(3, await store.Audit.DeleteOlderThanAsync(border, 3, None));
        Assert.Equal(["action4", "action3"], await ActionsAsync(store, null, 10));
        Assert.Equal(1, await store.Audit.DeleteOlderThanAsync(border, 3, None));
        Assert.Equal(["action4"], await ActionsAsync(store, null, 10));
        Assert.Equal(1, await store.Audit.DeleteOlderThanAsync(border.AddMicroseconds(1), 3, None));

        await store.Audit.AppendAsync(new AuditEntry("peers", "after", null, null, null), None);
        Assert.True((await store.Audit.ReadNewestAsync(null, 1, None))[0].Id > lastId);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Audit.DeleteOlderThanAsync(border, 0, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.Audit.DeleteOlderThanAsync(border, 10_001, None));
    }

    [Theory]
    [BothEngines]
    public async Task Entries_are_found_by_whatever_is_asked(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var entries = new AuditEntry[]
        {
            new("rooms", "1", "ann", "r", null), new("rooms", "2", "ben", "r", null), new("rooms", "3", "ann", "s", null), new("peers", "4", "ann", "r", null),
            new("rooms", "5", null, null, null),
        };
        await store.Audit.AppendAsync(entries, None);
        var at = (await store.Audit.ReadNewestAsync(null, 1, None))[0].At;
        foreach (var (filter, expected) in new (AuditFilter, string[])[]
        {
            (new("rooms", null, null, null), ["5", "3", "2", "1"]),
            (new("rooms", "ann", null, null), ["3", "1"]),
            (new("rooms", null, "r", null), ["2", "1"]),
            (new("rooms", "ann", "r", null), ["1"]),
            (new("rooms", "ann", "r", at), ["1"]),
            (new("rooms", null, null, at), ["5", "3", "2", "1"]),
            (new("rooms", null, null, at.AddSeconds(1)), []),
            (new("rooms", "nobody", null, null), []),
        })
        {
            Assert.Equal(expected, (await store.Audit.FindAsync(filter, 10, None)).Select(static record => record.Entry.Action));
        }

        Assert.Equal("5", Assert.Single(await store.Audit.FindAsync(new AuditFilter("rooms", null, null, null), 1, None)).Entry.Action);
    }

    private static async Task<IEnumerable<string>> ActionsAsync(DataStore store, string? feature, int limit) =>
        (await store.Audit.ReadNewestAsync(feature, limit, None)).Select(record => record.Entry.Action);
}
