using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.Storage;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Sharing;

public sealed class SharingFeedStorageTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task Each_user_is_told_of_what_concerns_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var feed = store.Sharing.Feed;
        var rows = new FeedRows(store);
        Assert.Equal(0, await feed.GetLastIdAsync(None));
        var (alice, bob, carol) = (await rows.UserAsync("alice"), await rows.UserAsync("bob"), await rows.UserAsync("carol"));
        var team = await rows.TeamAsync("A", alice, bob);
        var other = await rows.TeamAsync("C", carol);
        var told = new List<SharingEvent>
        {
            await rows.TellTeamAsync(team),
            await rows.TellAboutAsync(bob),
            await rows.TellUsersAsync(carol, alice),
            await rows.TellTeamAsync(other, further: [bob]),
        };

        Assert.Equal(4, await feed.GetLastIdAsync(None));
        Assert.Equal([1, 2, 3], await IdsAsync(alice));
        Assert.Equal([1, 2, 4], await IdsAsync(bob));
        Assert.Equal([3, 4], await IdsAsync(carol));
        Assert.Equal([3], await IdsAsync(alice, after: 2));
        Assert.Equal([bob], await feed.ListMatesAsync(alice, None));
        Assert.Empty(await feed.ListMatesAsync(carol, None));

        // Read back, an event has the audience that it had when it was appended.
        var listed = await feed.ListAsync(0, 10, None);
        Assert.Equal(told.Select(Describe), listed.Select(Describe));
        Assert.Equal([3L, 4L], (await feed.ListAsync(2, 10, None)).Select(static one => one.Id));
        Assert.Equal([3L], (await feed.ListAsync(2, 1, None)).Select(static one => one.Id));

        // Whoever leaves a team is told no more of it, not even of what was.
        await rows.LeaveAsync(team, bob);
        Assert.Equal([2, 4], await IdsAsync(bob));
        Assert.Equal([1, 3], await IdsAsync(alice));

        static string Describe(SharingEvent one) =>
            $"{one.Id} {one.At:O} {one.Text} {string.Join(' ', one.Audience.Order(StringComparer.Ordinal))}";

        async Task<List<long>> IdsAsync(string user, long after = 0)
        {
            var page = await feed.ListForUserAsync(user, after, long.MaxValue, 100, None);
            Assert.True(page.IsLast);
            Assert.False(page.IsCursorUnknown);
            Assert.All(page.Events, one => Assert.Equal([user], one.Audience));
            return [.. page.Events.Select(static one => one.Id)];
        }
    }

    [Theory]
    [BothEngines]
    public async Task Pages_have_an_end_and_old_cursors_are_told_apart(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var feed = store.Sharing.Feed;
        var rows = new FeedRows(store);
        var alice = await rows.UserAsync("alice");
        Assert.Equal(0, await feed.DeleteExpiredAsync(TimeSpan.Zero, 10, None));
        Assert.True((await feed.ListForUserAsync(alice, 1, 1, 10, None)).IsCursorUnknown);
        for (var i = 0; i < 5; i++)
        {
            await rows.TellUsersAsync(alice);
        }

        var page = await feed.ListForUserAsync(alice, 0, 4, 3, None);
        Assert.Equal([1L, 2, 3], page.Events.Select(static one => one.Id));
        Assert.False(page.IsLast);
        page = await feed.ListForUserAsync(alice, 3, 4, 3, None);
        Assert.Equal([4L], page.Events.Select(static one => one.Id));
        Assert.True(page.IsLast);

        Assert.Equal(0, await feed.DeleteExpiredAsync(TimeSpan.FromDays(1), 10, None));
        Assert.Equal(2, await feed.DeleteExpiredAsync(TimeSpan.Zero, 2, None));
        Assert.True((await feed.ListForUserAsync(alice, 1, 5, 10, None)).IsCursorUnknown);
        Assert.False((await feed.ListForUserAsync(alice, 2, 5, 10, None)).IsCursorUnknown);
        Assert.Equal(3, await feed.DeleteExpiredAsync(TimeSpan.Zero, 10, None));
        Assert.True((await feed.ListForUserAsync(alice, 4, 5, 10, None)).IsCursorUnknown);
        Assert.False((await feed.ListForUserAsync(alice, 5, 5, 10, None)).IsCursorUnknown);
        Assert.True((await feed.ListForUserAsync(alice, 6, 6, 10, None)).IsCursorUnknown);
        Assert.Equal(5, await feed.GetLastIdAsync(None));
        Assert.Equal(6, (await rows.TellUsersAsync(alice)).Id);
        Assert.Equal(0, await CountAsync(store.Database, "sharing_event_users WHERE event_id < 6"));
    }

    [Theory]
    [BothEngines]
    public async Task Whoever_has_seen_an_event_has_seen_all_before_it(DatabaseEngine engine)
    {
        const int Writers = 4;
        const int PerWriter = 25;
        var store = await OpenAsync(engine);
        var feed = store.Sharing.Feed;
        var rows = new FeedRows(store);
        var alice = await rows.UserAsync("alice");
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var i = 0; i < PerWriter; i++)
            {
                await rows.TellUsersAsync(alice);
            }
        }));

        long seen = 0;
        while (seen < Writers * PerWriter)
        {
            var page = await feed.ListForUserAsync(alice, seen, long.MaxValue, 7, None);
            foreach (var one in page.Events)
            {
                Assert.Equal(seen + 1, one.Id);
                seen = one.Id;
            }
        }

        await writing;
        Assert.Equal(Writers * PerWriter, await feed.GetLastIdAsync(None));
    }
}
