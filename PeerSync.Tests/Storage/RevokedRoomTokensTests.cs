using PeerSync.Storage.Databases;
using PeerSync.Storage.Rooms;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class RevokedRoomTokensTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task A_revocation_is_kept_for_the_longer_time_and_forgotten_after_it(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(store.Database.Now.ToUnixTimeMilliseconds());
        await store.RevokedRoomTokens.RevokeAsync("over", now.AddMilliseconds(-1), None);
        await store.RevokedRoomTokens.RevokeAsync("one", now.AddHours(2), None);
        await store.RevokedRoomTokens.RevokeAsync("one", now.AddHours(1), None);
        await store.RevokedRoomTokens.RevokeAsync("two", now.AddHours(1), None);

        Assert.Equal(
            [new RevokedRoomToken("one", now.AddHours(2)), new RevokedRoomToken("two", now.AddHours(1))],
            (await store.RevokedRoomTokens.ListAsync(None)).OrderBy(static token => token.TokenId, StringComparer.Ordinal));
        Assert.Equal(2, await CountAsync(store.Database, "rooms_revoked_tokens"));
    }

    [Theory]
    [BothEngines]
    public async Task An_id_has_limits(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var later = store.Database.Now.AddHours(1);
        await Assert.ThrowsAsync<ArgumentException>(() => store.RevokedRoomTokens.RevokeAsync(string.Empty, later, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.RevokedRoomTokens.RevokeAsync(new string('a', 129), later, None));
        await store.RevokedRoomTokens.RevokeAsync(new string('a', 128), later, None);
        await store.RevokedRoomTokens.RevokeAsync("a\0b'; DROP TABLE users", later, None);
        Assert.Equal(2, (await store.RevokedRoomTokens.ListAsync(None)).Count);
    }
}
