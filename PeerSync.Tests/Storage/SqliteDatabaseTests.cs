using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Sqlite;
using PeerSync.Tests.TestKit;
using static PeerSync.Tests.Storage.SqliteConnections;

namespace PeerSync.Tests.Storage;

public sealed class SqliteDatabaseTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private delegate int VersionNumber();

    [Fact]
    public async Task Commits_reach_the_disk_and_references_are_enforced_by_the_settings_in_force()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);

        Assert.Equal("wal", await WriterPragmaAsync(store, "journal_mode"));
        Assert.Equal("2", await WriterPragmaAsync(store, "synchronous"));
        Assert.Equal("1", await WriterPragmaAsync(store, "foreign_keys"));
        Assert.Equal("5000", await WriterPragmaAsync(store, "busy_timeout"));
        Assert.Equal("67108864", await WriterPragmaAsync(store, "journal_size_limit"));
        Assert.Equal("1", await store.Database.ReadAsync("asking", session => PragmaAsync(session, "query_only"), None));
    }

    [Fact]
    public async Task The_newer_of_the_bundled_and_the_systems_library_is_used_and_named()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);

        var inUse = await store.Database.ReadAsync("asking", session => session.QueryFirstAsync("SELECT sqlite_version()", row => row.Text(0)), None);

        Assert.Equal(inUse, store.EngineVersion);
        Assert.True(Version.Parse(store.EngineVersion) >= new Version(3, 35, 5));
        if (NativeLibrary.TryLoad("libsqlite3.so.0", out var system))
        {
            var number = Marshal.GetDelegateForFunctionPointer<VersionNumber>(NativeLibrary.GetExport(system, "sqlite3_libversion_number"))();
            Assert.True(Version.Parse(store.EngineVersion) >= new Version(number / 1_000_000, number / 1000 % 1000, number % 1000));
        }
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);

        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => store.Database.ReadAsync("writing", session => session.ExecuteAsync("DELETE FROM users"), None));

        Assert.Null(await store.Peers.FindNetworkAsync("alice", None));
    }

    [Fact]
    public async Task The_file_is_for_its_owner_only()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        await store.Peers.SaveUserAsync(User("alice"), None);

        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
        }
        else
        {
            const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(store.Place));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(store.Place + "-wal"));
        }
    }

    [Fact]
    public async Task Operations_that_queued_up_share_one_transaction_and_one_that_fails_undoes_only_itself()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        using var blockade = await BlockWriterAsync(store);
        Events.TransactionSizes.Clear();

        var before = store.Peers.SaveUserAsync(User("before"), None);
        var refused = ExecuteAsync(store.Database, "INSERT INTO network_members (user_id, network_id, joined_at) VALUES ('nobody', 'nowhere', 0)");
        var thrown = store.Database.WriteAsync(
            "failing",
            async ValueTask<int> (session) =>
            {
                await session.ExecuteAsync("UPDATE users SET display_name = 'undone'");
                throw new InvalidOperationException("on purpose");
            },
            None);
        var after = store.Peers.CreateNetworkAsync(User("after"), None);
        Assert.False(before.IsCompleted);
        blockade.Lift();

        await before.WaitAsync(Patience);
        var network = await WithinAsync(after, "the operation behind the failing ones");
        await Assert.ThrowsAsync<ConstraintViolationException>(() => refused);
        await Assert.ThrowsAsync<InvalidOperationException>(() => thrown);
        Assert.Equal(network, await store.Peers.FindNetworkAsync("after", None));
        Assert.Equal(2, await CountAsync(store.Database, "users"));
        Assert.Equal(0, await CountAsync(store.Database, "users WHERE display_name = 'undone'"));
        Assert.Equal([1, 4], Events.TransactionSizes);
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_the_limit()
    {
        var store = await OpenAsync((await NewOptionsAsync(DatabaseEngine.Sqlite)) with { MaxBatch = 8 });
        using var blockade = await BlockWriterAsync(store);
        Events.TransactionSizes.Clear();

        var writes = Enumerable.Range(0, 20).Select(i => store.Peers.SaveUserAsync(User($"user{i}"), None)).ToList();
        blockade.Lift();
        await Task.WhenAll(writes).WaitAsync(Patience);

        Assert.Equal([1, 8, 8, 4], Events.TransactionSizes);
    }

    [Fact]
    public async Task Callers_wait_for_room_in_a_full_queue_and_none_is_lost()
    {
        var store = await OpenAsync((await NewOptionsAsync(DatabaseEngine.Sqlite)) with { QueueCapacity = 4, MaxBatch = 2 });
        using var blockade = await BlockWriterAsync(store);

        var writes = Enumerable.Range(0, 50).Select(i => store.Peers.SaveUserAsync(User($"user{i}"), None)).ToList();
        Assert.All(writes, write => Assert.False(write.IsCompleted));
        blockade.Lift();
        await Task.WhenAll(writes).WaitAsync(Patience);

        Assert.Equal(50, await CountAsync(store.Database, "users"));
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_and_what_had_not_begun_is_dropped()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { QueueCapacity = 1, CommandTimeout = TimeSpan.FromSeconds(1) };
        var store = await OpenAsync(options);
        using var blockade = await BlockWriterAsync(store);

        var queued = store.Peers.SaveUserAsync(User("queued"), None);
        var withoutRoom = store.Peers.SaveUserAsync(User("withoutRoom"), None);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => queued.WaitAsync(Patience));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => withoutRoom.WaitAsync(Patience));
        blockade.Lift();
        await store.Peers.SaveUserAsync(User("later"), None);
        Assert.Equal(1, await CountAsync(store.Database, "users"));
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_wait_and_what_had_not_begun_is_dropped()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        using var blockade = await BlockWriterAsync(store);
        using var givingUp = new CancellationTokenSource();

        var write = store.Peers.SaveUserAsync(User("alice"), givingUp.Token);
        await givingUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(Patience));
        blockade.Lift();
        await store.Peers.SaveUserAsync(User("later"), None);
        Assert.Equal(0, await CountAsync(store.Database, "users WHERE id = 'alice'"));
    }

    [Fact]
    public async Task An_operation_that_awaits_something_else_is_refused()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        var other = new TaskCompletionSource<int>();

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.Database.WriteAsync("awaiting something else", _ => new ValueTask<int>(other.Task), None));

        await store.Peers.SaveUserAsync(User("later"), None);
    }

    [Fact]
    public async Task A_file_that_another_process_locks_is_unavailable_and_works_again_afterwards()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { BusyTimeout = TimeSpan.FromMilliseconds(50) };
        var store = await OpenAsync(options);
        await store.Peers.CreateNetworkAsync(User("alice"), None);
        await using var other = OpenFile(store);
        Run(other, "BEGIN IMMEDIATE");

        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Peers.SaveUserAsync(User("bob"), None));
        var health = await store.CheckAsync(Patience, None);
        Assert.False(health.IsHealthy);
        Assert.Equal("The database failed while checking the writer.", health.Fault);

        // In write-ahead mode a writer, however stuck, keeps nobody from reading.
        Assert.NotNull(await store.Peers.FindNetworkAsync("alice", None));
        Run(other, "ROLLBACK");
        await store.Peers.SaveUserAsync(User("bob"), None);
        Assert.True((await store.CheckAsync(Patience, None)).IsHealthy);
    }

    [Fact]
    public async Task A_lock_that_outlasts_the_deadline_of_a_health_check_is_a_fault_in_time()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        using var blockade = await BlockWriterAsync(store);

        var health = await WithinAsync(store.CheckAsync(TimeSpan.FromMilliseconds(100), None), "the health check");

        Assert.False(health.IsHealthy);
        Assert.Contains("0.1 seconds", health.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_unavailable_and_works_again_afterwards()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        await store.Peers.SaveUserAsync(User("alice"), None);
        var pages = long.Parse(await WriterPragmaAsync(store, "page_count"), null);
        await WriterPragmaAsync(store, $"max_page_count = {pages}");
        var large = new string('x', 100_000);

        var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Peers.SaveUserAsync(User("bob") with { DisplayName = large }, None));
        Assert.Equal(SQLitePCL.raw.SQLITE_FULL, Assert.IsType<SqliteException>(exception.InnerException).SqliteErrorCode);
        Assert.Equal(1, await CountAsync(store.Database, "users"));

        await WriterPragmaAsync(store, $"max_page_count = {pages + 1000}");
        await store.Peers.SaveUserAsync(User("bob") with { DisplayName = large }, None);
        Assert.Equal(2, await CountAsync(store.Database, "users"));
    }

    [Fact]
    public async Task A_disk_without_room_for_a_page_is_unhealthy()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var store = await StorageFactory.OpenAsync(new StorageOptions { DataFolder = disk.Folder }, TimeProvider.System, Events, None);
        disk.Fill();

        Assert.False((await store.CheckAsync(Patience, None)).IsHealthy);
        disk.Clear();
        Assert.True((await store.CheckAsync(Patience, None)).IsHealthy);
    }

    [Fact]
    public async Task When_the_engine_gives_up_the_transaction_the_whole_batch_fails_and_the_next_one_works()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        using var blockade = await BlockWriterAsync(store);

        var before = store.Peers.SaveUserAsync(User("before"), None);
        var culprit = store.Database.WriteAsync(
            "losing the transaction",
            async session =>
            {
                await session.ExecuteAsync("ROLLBACK");
                return await session.ExecuteAsync("INSERT INTO nowhere VALUES (1)");
            },
            None);
        blockade.Lift();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => before.WaitAsync(Patience));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => culprit.WaitAsync(Patience));
        await store.Peers.SaveUserAsync(User("later"), None);
        Assert.Equal(1, await CountAsync(store.Database, "users"));
    }

    [Fact]
    public async Task A_writer_that_lost_its_way_gets_a_new_connection()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);

        // The transaction is ended behind the writer's back, so that its commit fails.
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => store.Database.WriteAsync("ending the transaction", session => session.ExecuteAsync("COMMIT"), None));

        await store.Peers.SaveUserAsync(User("alice"), None);
        Assert.Equal("2", await WriterPragmaAsync(store, "synchronous"));
    }

    [Fact]
    public async Task Closing_gives_up_at_its_deadline_and_fails_what_still_waits()
    {
        var options = (await NewOptionsAsync(DatabaseEngine.Sqlite)) with { ShutdownTimeout = TimeSpan.FromMilliseconds(100), QueueCapacity = 1 };
        var store = await OpenAsync(options with { CommandTimeout = TimeSpan.FromMinutes(1) });
        using var blockade = await BlockWriterAsync(store);
        var queued = store.Peers.SaveUserAsync(User("alice"), None);
        var withoutRoom = Enumerable.Range(0, 3).Select(i => store.Peers.SaveUserAsync(User($"user{i}"), None)).ToList();

        await store.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => queued.WaitAsync(Patience));
        foreach (var write in withoutRoom)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => write.WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task Closing_leaves_one_file_with_everything_in_it()
    {
        var store = await OpenAsync(DatabaseEngine.Sqlite);
        await store.Peers.SaveUserAsync(User("alice"), None);

        await store.DisposeAsync();

        Assert.Equal([store.Place], Directory.GetFiles(Path.GetDirectoryName(store.Place)!));
    }

    [Fact]
    public async Task A_file_that_is_no_database_and_a_folder_that_is_a_file_stop_the_start()
    {
        var folder = NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, SqliteFile.FileName), string.Concat(Enumerable.Repeat("no database ", 1000)));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => OpenAsync(new StorageOptions { DataFolder = folder }));
        await Assert.ThrowsAsync<StorageUnavailableException>(
            () => OpenAsync(new StorageOptions { DataFolder = Path.Combine(folder, SqliteFile.FileName) }));
    }

    [Fact]
    public async Task The_folder_is_made_where_it_is_missing()
    {
        var folder = Path.Combine(NewFolder(), "a", "b");

        var store = await OpenAsync(new StorageOptions { DataFolder = folder });

        Assert.Equal(Path.Combine(folder, SqliteFile.FileName), store.Place);
        Assert.True(File.Exists(store.Place));
    }
}
