using System.Net;
using System.Net.Sockets;
using Npgsql;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class PostgresDatabaseTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    [Theory]
    [InlineData("off", "on")]
    [InlineData("on", "on")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task A_commit_is_never_less_durable_than_on_and_more_if_the_operator_says_so(string configured, string inForce)
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        await ConfigureAsync(options, $"synchronous_commit = {configured}");

        var store = await OpenAsync(options);

        // Many at once, so that more than one connection is asked.
        var settings = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SettingAsync(store, "synchronous_commit")));
        Assert.All(settings, setting => Assert.Equal(inForce, setting));
    }

    [Fact]
    public async Task A_server_that_accepts_no_writes_is_not_healthy()
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        await (await OpenAsync(options)).DisposeAsync();
        await ConfigureAsync(options, "default_transaction_read_only = on");

        await using var database = await StorageFactory.OpenDatabaseAsync(options, TimeProvider.System, Events, None);

        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => database.PingAsync(Patience, None));
        Assert.Contains("accepts no writes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_health_check_that_gets_no_answer_ends_at_its_deadline()
    {
        var store = await OpenAsync(DatabaseEngine.Postgres);
        var locked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var locking = store.Database.WriteAsync(
            "locking a table",
            async session =>
            {
                await session.ExecuteAsync("LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE");
                locked.SetResult();
                await release.Task;
                return 0;
            },
            None);
        await locked.Task.WaitAsync(Patience);

        var health = await WithinAsync(store.CheckAsync(TimeSpan.FromMilliseconds(200), None), "the health check");

        Assert.False(health.IsHealthy);
        Assert.Contains("0.2 seconds", health.Fault, StringComparison.Ordinal);
        release.SetResult();
        await locking;
        Assert.True((await store.CheckAsync(Patience, None)).IsHealthy);
    }

    [Fact]
    public async Task Connections_that_were_cut_are_replaced_without_the_caller_noticing()
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var store = await OpenAsync(options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Peers.SaveUserAsync(User($"user{i}"), None)));
        Assert.NotEqual(0L, await PostgresConnections.CutAsync(options));

        await store.Peers.SaveUserAsync(User("alice"), None);
        Assert.NotEqual(0L, await PostgresConnections.CutAsync(options));
        Assert.Null(await store.Peers.FindNetworkAsync("alice", None));

        Assert.Contains("saving a user", Events.Retries);
        Assert.Contains("finding a user's network", Events.Retries);
        Assert.Empty(Events.Failures);
        Assert.Equal(21, await CountAsync(store.Database, "users"));
    }

    [Fact]
    public async Task Two_operations_that_block_each_other_both_succeed()
    {
        var store = await OpenAsync(DatabaseEngine.Postgres);
        await store.Peers.SaveUserAsync(User("alice"), None);
        await store.Peers.SaveUserAsync(User("bob"), None);
        using var bothHaveOne = new Barrier(2);
        var winnerDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;

        async ValueTask<int> UpdateAsync(DatabaseSession session, string first, string second)
        {
            // The third run is the repetition, which on a busy machine could overtake the winner and meet it again.
            var isRepetition = Interlocked.Increment(ref runs) == 3;
            if (isRepetition)
            {
                await winnerDone.Task.WaitAsync(Patience);
            }

            // Only one of the two looks for deadlocks; otherwise both might, at the same moment, and both give way.
            await session.ExecuteAsync($"SET LOCAL deadlock_timeout = '{(first == "alice" ? "50ms" : "60s")}'");
            await session.ExecuteAsync("UPDATE users SET display_name = display_name || '+' WHERE id = $1", first);
            if (!isRepetition)
            {
                bothHaveOne.SignalAndWait(Patience);
            }

            return await session.ExecuteAsync("UPDATE users SET display_name = display_name || '+' WHERE id = $1", second);
        }

        async Task RunAsync(string first, string second)
        {
            await store.Database.WriteAsync("updating two", session => UpdateAsync(session, first, second), None);
            winnerDone.TrySetResult();
        }

        await Task.WhenAll(Task.Run(() => RunAsync("alice", "bob")), Task.Run(() => RunAsync("bob", "alice"))).WaitAsync(Patience);

        Assert.Equal(["updating two"], Events.Retries);
        Assert.Equal(2, await CountAsync(store.Database, "users WHERE display_name LIKE 'Name of %++'"));
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_wait_for_the_server()
    {
        var store = await OpenAsync(DatabaseEngine.Postgres);
        using var givingUp = new CancellationTokenSource();
        var began = new TaskCompletionSource();

        var sleeping = store.Database.WriteAsync(
            "sleeping",
            session =>
            {
                var running = session.ExecuteAsync("SELECT pg_sleep(60)");
                began.SetResult();
                return running;
            },
            givingUp.Token);
        await began.Task.WaitAsync(Patience);
        await givingUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping.WaitAsync(Patience));
        Assert.Empty(Events.Failures);
        await store.Peers.SaveUserAsync(User("alice"), None);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_unavailable()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Postgres)) with { CommandTimeout = TimeSpan.FromSeconds(1) };
        var store = await OpenAsync(options);

        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(
            () => store.Database.ReadAsync("sleeping", session => session.ExecuteAsync("SELECT pg_sleep(60)"), None).WaitAsync(Patience));

        Assert.Equal("The database failed while sleeping.", exception.Message);
        Assert.Empty(Events.Retries);
        await store.Peers.SaveUserAsync(User("alice"), None);
    }

    [Fact]
    public async Task An_exhausted_pool_is_unavailable()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Postgres)) with { CommandTimeout = TimeSpan.FromSeconds(1), MaxPoolSize = 1 };
        var store = await OpenAsync(options);
        var release = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = store.Database.ReadAsync("holding the connection", _ => new ValueTask<int>(release.Task), None);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Peers.SaveUserAsync(User("alice"), None).WaitAsync(Patience));

        release.SetResult(0);
        await holding;
        await store.Peers.SaveUserAsync(User("alice"), None);
    }

    [Fact]
    public async Task A_server_that_stops_is_unavailable_and_works_again_when_it_is_back()
    {
        await using var cluster = await PostgresFixture.CreateClusterAsync();
        var store = await OpenAsync(new StorageOptions { DataFolder = "/nonexistent", DatabaseUrl = cluster.UrlOf("postgres") });
        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);

        await cluster.StopAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Peers.FindNetworkAsync("alice", None).WaitAsync(Patience));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Peers.LeaveNetworkAsync("alice", None).WaitAsync(Patience));
        var health = await store.CheckAsync(Patience, None);
        Assert.False(health.IsHealthy);
        Assert.Equal("The database failed while checking the server.", health.Fault);

        await cluster.StartAsync();
        Assert.Equal(network, await store.Peers.FindNetworkAsync("alice", None));
        await store.Peers.LeaveNetworkAsync("alice", None);
        Assert.True((await store.CheckAsync(Patience, None)).IsHealthy);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_never_answers_stops_the_start_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = $"postgres://alice:secret@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/peers";
        var options = new StorageOptions { DataFolder = "/nonexistent", DatabaseUrl = url, CommandTimeout = TimeSpan.FromSeconds(1) };

        await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(options).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start()
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var url = new UriBuilder(options.DatabaseUrl!) { Password = "wrong" }.ToString();

        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(options with { DatabaseUrl = url }));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, Assert.IsType<PostgresException>(exception.InnerException).SqlState);
    }

    [Fact]
    public async Task A_migration_waits_for_the_lock_no_longer_than_it_may()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Postgres)) with { MigrationTimeout = TimeSpan.FromSeconds(1) };
        await using var database = await StorageFactory.OpenDatabaseAsync(options, TimeProvider.System, Events, None);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = database.RunExclusiveAsync(
            "holding the lock",
            session =>
            {
                held.SetResult();
                return new ValueTask<int>(release.Task);
            },
            Patience,
            None);
        await held.Task.WaitAsync(Patience);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(options).WaitAsync(Patience));

        release.SetResult(0);
        await holding;
        await OpenAsync(options);
    }

    [Fact]
    public async Task An_account_without_the_right_to_create_tables_serves_once_they_exist()
    {
        var options = await NewOptionsAsync(DatabaseEngine.Postgres);
        var owner = await OpenAsync(options);
        var role = $"role_{Guid.NewGuid():N}";
        await owner.Database.WriteAsync(
            "making an account",
            async session =>
            {
                await session.ExecuteScriptAsync($"""
                    CREATE ROLE {role} LOGIN PASSWORD 'other';
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
                    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
                    """);
                return 0;
            },
            None);
        var url = new UriBuilder(options.DatabaseUrl!) { UserName = role, Password = "other" }.ToString();

        var store = await OpenAsync(options with { DatabaseUrl = url });

        var network = await store.Peers.CreateNetworkAsync(User("alice"), None);
        Assert.Equal(network, await store.Peers.FindNetworkAsync("alice", None));
        Assert.Single(await store.Audit.ReadNewestAsync(null, 10, None));
    }

    private static Task<string?> SettingAsync(DataStore store, string name) =>
        store.Database.WriteAsync("asking", session => session.QueryFirstAsync("SELECT current_setting($1)", row => row.Text(0), name), None);

    private static async Task ConfigureAsync(StorageOptions options, string setting)
    {
        await using var database = await StorageFactory.OpenDatabaseAsync(options, TimeProvider.System, new RecordedEvents(), None);
        await database.WriteAsync(
            "configuring",
            async session =>
            {
                var name = await session.QueryFirstAsync("SELECT current_database()::text", row => row.Text(0));
                return await session.ExecuteAsync($"ALTER DATABASE {name} SET {setting}");
            },
            None);
    }
}
