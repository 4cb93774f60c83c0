using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

/// <summary>What holds for operations on either engine.</summary>
public sealed class DatabaseTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [BothEngines]
    public async Task An_operation_that_throws_undoes_its_statements_and_its_exception_passes(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.Database.WriteAsync(
            "failing",
            async ValueTask<int> (session) =>
            {
                await session.ExecuteAsync(InsertAuditSql(engine, "undone"));
                throw new InvalidOperationException("on purpose");
            },
            None));

        Assert.Equal("on purpose", exception.Message);
        Assert.Equal(0, await CountAsync(store.Database, "audit"));
        Assert.Empty(Events.Failures);
    }

    [Theory]
    [BothEngines]
    public async Task What_the_engine_refuses_becomes_one_exception_that_holds_no_values(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => ExecuteAsync(store.Database, "INSERT INTO nowhere VALUES ('secret')"));

        Assert.Equal("The database failed while running a statement.", exception.Message);
        Assert.NotNull(exception.InnerException);
        var failure = Assert.Single(Events.Failures);
        Assert.Equal(("running a statement", exception), failure);
        Assert.True((await store.CheckAsync(Patience, None)).IsHealthy);
    }

    [Theory]
    [BothEngines]
    public async Task A_cancelled_caller_gets_a_cancellation(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Peers.SaveUserAsync(User("alice"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Peers.FindNetworkAsync("alice", cancelled.Token));

        Assert.Equal(0, await CountAsync(store.Database, "users"));
        Assert.Empty(Events.Failures);
    }

    [Theory]
    [BothEngines]
    public async Task Nulls_numbers_and_times_come_back_as_they_went_in(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);
        await ExecuteAsync(store.Database, $"CREATE TABLE kinds (t text, n bigint, w {(engine is DatabaseEngine.Sqlite ? "integer" : "timestamptz")})");
        var time = new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1_234_569);

        await store.Database.WriteAsync(
            "inserting",
            async session =>
            {
                await session.ExecuteAsync("INSERT INTO kinds VALUES ($1, $2, $3)", "a'b", long.MinValue, time);
                return await session.ExecuteAsync("INSERT INTO kinds VALUES ($1, $2, $3)", (string?)null, long.MaxValue, DateTimeOffset.UnixEpoch);
            },
            None);

        var rows = await store.Database.ReadAsync(
            "reading",
            session => session.QueryAsync("SELECT t, n, w FROM kinds ORDER BY n", row => (row.TextOrNull(0), row.Integer(1), row.Time(2))),
            None);
        Assert.Equal([("a'b", long.MinValue, time.AddTicks(-9)), (null, long.MaxValue, DateTimeOffset.UnixEpoch)], rows);
        Assert.All(rows, row => Assert.Equal(TimeSpan.Zero, row.Item3.Offset));
    }

    [Theory]
    [BothEngines]
    public async Task Closing_waits_for_what_is_under_way_and_refuses_the_rest(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        var writes = Enumerable.Range(0, 200).Select(i => store.Peers.SaveUserAsync(User($"user{i}"), None)).ToList();

        var closing = store.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Peers.SaveUserAsync(User("late"), None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Peers.FindNetworkAsync("late", None));
        await closing.WaitAsync(Patience);
        await store.DisposeAsync();

        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.False((await store.CheckAsync(Patience, None)).IsHealthy);
        var again = await OpenAsync(options);
        Assert.Equal(200, await CountAsync(again.Database, "users"));
    }

    [Theory]
    [BothEngines]
    public async Task A_healthy_database_says_so_and_tells_what_it_is(DatabaseEngine engine)
    {
        var store = await OpenAsync(engine);

        var health = await store.CheckAsync(Patience, None);

        Assert.True(health.IsHealthy, health.Fault);
        Assert.Null(health.Fault);
        Assert.True(health.Latency > TimeSpan.Zero);
        Assert.Equal(engine, store.Engine);
        Assert.True(Version.Parse(store.EngineVersion) >= new Version(3, 35));
        Assert.DoesNotContain("@", store.Place, StringComparison.Ordinal);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CheckAsync(Patience, cancelled.Token));
    }

    private static string InsertAuditSql(DatabaseEngine engine, string action) =>
        $"INSERT INTO audit (at, feature, action) VALUES ({(engine is DatabaseEngine.Sqlite ? "0" : "now()")}, 'x', '{action}')";
}
