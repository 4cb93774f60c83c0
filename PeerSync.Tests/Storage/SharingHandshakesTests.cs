using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sharing;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class SharingHandshakesTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly SharingHandshake First = new("handshake-number-one", """{"kty":"EC"}""", "verifier");

    [Theory]
    [BothEngines]
    public async Task One_caller_exchanges_and_one_takes_the_result(DatabaseEngine engine)
    {
        var handshakes = (await OpenAsync(engine)).Sharing.Handshakes;
        await handshakes.CreateAsync(First, Lifetime, None);
        await Assert.ThrowsAsync<ConstraintViolationException>(() => handshakes.CreateAsync(First, Lifetime, None));
        Assert.Equal(First, await handshakes.FindWaitingAsync(First.Id, None));
        Assert.Equal(SharingHandshakeOutcome.NotReady, (await handshakes.TakeAsync(First.Id, None)).Outcome);

        var exchanges = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => handshakes.BeginExchangeAsync(First.Id, None)));
        Assert.Equal(First, Assert.Single(exchanges, static exchange => exchange is not null));
        Assert.Null(await handshakes.FindWaitingAsync(First.Id, None));
        Assert.True(await handshakes.CompleteAsync(First.Id, "result", None));
        Assert.False(await handshakes.CompleteAsync(First.Id, "other", None));

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => handshakes.TakeAsync(First.Id, None)));
        Assert.Equal("result", Assert.Single(taken, static result => result.Outcome == SharingHandshakeOutcome.Ready).Result);
        Assert.Equal(7, taken.Count(static result => result == new SharingHandshakeResult(SharingHandshakeOutcome.Unknown, null)));
    }

    [Theory]
    [BothEngines]
    public async Task A_confirmation_is_good_for_its_own_handshake_and_once(DatabaseEngine engine)
    {
        var handshakes = (await OpenAsync(engine)).Sharing.Handshakes;
        await handshakes.CreateAsync(First, Lifetime, None);
        Assert.False(await handshakes.AskConfirmationAsync(First.Id, "word", "found", None));
        await handshakes.BeginExchangeAsync(First.Id, None);
        Assert.True(await handshakes.AskConfirmationAsync(First.Id, "word", "found", None));
        Assert.False(await handshakes.CompleteAsync(First.Id, "result", None));
        Assert.Equal(SharingHandshakeOutcome.NotReady, (await handshakes.TakeAsync(First.Id, None)).Outcome);

        Assert.Null(await handshakes.ConfirmAsync(First.Id, "other", None));
        Assert.Null(await handshakes.ConfirmAsync(First.Id, string.Empty, None));
        Assert.Null(await handshakes.ConfirmAsync("a-handshake-unknown", "word", None));
        var confirmed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => handshakes.ConfirmAsync(First.Id, "word", None)));
        Assert.Equal((First, "found"), Assert.Single(confirmed, static confirmation => confirmation is not null));
        Assert.True(await handshakes.CompleteAsync(First.Id, "result", None));
        Assert.Equal("result", (await handshakes.TakeAsync(First.Id, None)).Result);
    }

    [Theory]
    [BothEngines]
    public async Task One_whose_exchange_has_failed_waits_again_and_one_that_is_over_does_nothing(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        var handshakes = store.Sharing.Handshakes;
        await handshakes.CreateAsync(First with { ClientKey = null }, Lifetime, None);
        await handshakes.BeginExchangeAsync(First.Id, None);
        await handshakes.AbandonExchangeAsync(First.Id, None);
        Assert.Equal(First with { ClientKey = null }, await handshakes.BeginExchangeAsync(First.Id, None));
        await handshakes.RemoveAsync(First.Id, None);
        Assert.Equal(SharingHandshakeOutcome.Unknown, (await handshakes.TakeAsync(First.Id, None)).Outcome);

        await handshakes.CreateAsync(First, TimeSpan.FromMicroseconds(1), None);
        Assert.Null(await handshakes.FindWaitingAsync(First.Id, None));
        Assert.Null(await handshakes.BeginExchangeAsync(First.Id, None));
        Assert.Equal(SharingHandshakeOutcome.Expired, (await handshakes.TakeAsync(First.Id, None)).Outcome);
        Assert.Equal(0, await handshakes.DeleteExpiredAsync(100, None));
        await ExecuteAsync(store.Database, $"UPDATE sharing_handshakes SET expires_at = {(engine is DatabaseEngine.Sqlite ? "1" : "'2000-01-01'")}");
        Assert.Equal(1, await handshakes.DeleteExpiredAsync(100, None));
        Assert.Null(await handshakes.BeginExchangeAsync("a\0b", None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => handshakes.CreateAsync(First with { Id = "short" }, Lifetime, None));
    }
}
