using PeerSync.Kernel;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage.Journal;

public sealed class SnapshotStoreTests(PostgresFixture postgres) : JournalTestBase(postgres)
{
    private static readonly DateTime Noon = new DateTime(2026, 3, 4, 12, 0, 0, DateTimeKind.Utc).AddTicks(1);

    [Theory]
    [BothEngines]
    public async Task The_latest_that_fits_is_loaded(DatabaseEngine engine)
    {
        var store = (await OpenAsync(engine)).CreateSnapshotStore(Texts);
        for (var i = 1; i <= 5; i++)
        {
            await store.SaveAsync(new SnapshotMetadata("alice", i * 10, Noon.AddHours(i)), $"state {i}", None);
        }

        Assert.Equal(
            new SelectedSnapshot(new SnapshotMetadata("alice", 50, Noon.AddHours(5)), "state 5"),
            await store.LoadAsync("alice", SnapshotSelectionCriteria.Latest, None));
        Assert.Equal("state 3", await LoadAsync(new SnapshotSelectionCriteria(39, DateTime.MaxValue)));
        Assert.Equal("state 2", await LoadAsync(new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(2))));
        Assert.Null(await LoadAsync(new SnapshotSelectionCriteria(49, DateTime.MaxValue, 41)));
        Assert.Null(await LoadAsync(new SnapshotSelectionCriteria(long.MaxValue, Noon.AddHours(2), 0, Noon.AddHours(3))));
        Assert.Null(await LoadAsync(SnapshotSelectionCriteria.None));
        Assert.Null(await store.LoadAsync("bob", SnapshotSelectionCriteria.Latest, None));

        async Task<object?> LoadAsync(SnapshotSelectionCriteria criteria) => (await store.LoadAsync("alice", criteria, None))?.Snapshot;
    }

    [Theory]
    [BothEngines]
    public async Task One_of_the_same_event_is_replaced_and_those_that_fit_are_deleted(DatabaseEngine engine)
    {
        var data = await OpenAsync(engine);
        var store = data.CreateSnapshotStore(Texts);
        await store.SaveAsync(new SnapshotMetadata("alice", 1, Noon), "old", None);
        await store.SaveAsync(new SnapshotMetadata("alice", 1, Noon.AddHours(1)), "new", None);
        await store.SaveAsync(new SnapshotMetadata("alice", 2, Noon), "later", None);
        await store.SaveAsync(new SnapshotMetadata("bob", 1, Noon), "other", None);

        await store.DeleteAsync("alice", new SnapshotSelectionCriteria(2, DateTime.MaxValue, 2), None);

        Assert.Equal(
            new SelectedSnapshot(new SnapshotMetadata("alice", 1, Noon.AddHours(1)), "new"),
            await store.LoadAsync("alice", SnapshotSelectionCriteria.Latest, None));
        await store.DeleteAsync("alice", SnapshotSelectionCriteria.Latest, None);
        Assert.Null(await store.LoadAsync("alice", SnapshotSelectionCriteria.Latest, None));
        Assert.Equal(1, await CountAsync(data.Database, "snapshot"));
    }

    [Theory]
    [BothEngines]
    public async Task A_closed_database_is_unavailable(DatabaseEngine engine)
    {
        var data = await OpenAsync(engine);
        var store = data.CreateSnapshotStore(Texts);
        await data.DisposeAsync();

        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.SaveAsync(new SnapshotMetadata("alice", 1, Noon), "state", None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.LoadAsync("alice", SnapshotSelectionCriteria.Latest, None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => store.DeleteAsync("alice", SnapshotSelectionCriteria.Latest, None));
    }
}
