using PeerSync.Storage;
using PeerSync.Storage.Databases;
using PeerSync.Storage.Migrations;
using PeerSync.Tests.TestKit;

namespace PeerSync.Tests.Storage;

public sealed class MigratorTests(PostgresFixture postgres) : StorageTestBase(postgres)
{
    private static readonly Migration First = MigrationCatalog.Parse("0001_first.sql", "CREATE TABLE first (id integer);\nCREATE TABLE second (id integer);");
    private static readonly Migration Second = MigrationCatalog.Parse("0002_second.sql", "ALTER TABLE first ADD COLUMN name text;");

    [Theory]
    [BothEngines]
    public async Task An_empty_database_gets_every_migration_once_and_a_second_start_none(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var known = MigrationCatalog.For(engine);

        var store = await OpenAsync(options);
        await OpenAsync(options);

        Assert.Equal(known.Select(migration => migration.Number), Events.Migrations);
        var recorded = await store.Database.ReadAsync(
            "reading the migrations",
            session => session.QueryAsync(
                "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number",
                row => (row.Integer(0), row.Text(1), row.Text(2), Time: row.Time(3))),
            None);
        Assert.Equal(
            known.Select(migration => ((long)migration.Number, migration.Name, migration.Checksum)),
            recorded.Select(row => (row.Item1, row.Item2, row.Item3)));
        Assert.All(recorded, row => Assert.InRange(row.Time, store.Database.Now.AddMinutes(-1), store.Database.Now));
    }

    [Theory]
    [BothEngines]
    public async Task Processes_that_start_together_apply_each_migration_once(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);

        var stores = await WithinAsync(
            Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => StorageFactory.OpenAsync(options, TimeProvider.System, Events, None)))),
            "6 starts at once");

        Assert.Equal(MigrationCatalog.For(engine).Select(migration => migration.Number), Events.Migrations);
        foreach (var store in stores)
        {
            Assert.Null(await store.Peers.FindNetworkAsync("nobody", None));
            await store.DisposeAsync();
        }
    }

    [Theory]
    [BothEngines]
    public async Task New_migrations_are_added_to_what_is_there(DatabaseEngine engine)
    {
        var database = await OpenEmptyAsync(await NewOptionsAsync(engine));

        Assert.Equal(1, await MigrateAsync(database, First));
        Assert.Equal(1, await MigrateAsync(database, First, Second));
        Assert.Equal(0, await MigrateAsync(database, First, Second));

        Assert.Equal(1, await ExecuteAsync(database, "INSERT INTO first (id, name) VALUES (1, 'x')"));
    }

    [Theory]
    [BothEngines]
    public async Task An_edited_migration_stops_the_start(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        await ExecuteAsync(store.Database, "UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");

        var exception = await Assert.ThrowsAsync<MigrationException>(() => OpenAsync(options));

        Assert.Contains("Migration 1 (peers)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [BothEngines]
    public async Task A_newer_programs_database_stops_the_start(DatabaseEngine engine)
    {
        var options = await NewOptionsAsync(engine);
        var store = await OpenAsync(options);
        var newer = MigrationCatalog.Parse("0099_tomorrow.sql", "CREATE TABLE tomorrow (id integer)");
        await MigrateAsync(store.Database, [.. MigrationCatalog.For(engine), newer]);

        var exception = await Assert.ThrowsAsync<MigrationException>(() => OpenAsync(options));

        Assert.Contains("migration 99 (tomorrow)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [BothEngines]
    public async Task A_missing_record_in_between_stops_the_start(DatabaseEngine engine)
    {
        var database = await OpenEmptyAsync(await NewOptionsAsync(engine));
        await MigrateAsync(database, First, Second);
        await ExecuteAsync(database, "DELETE FROM schema_migrations WHERE number = 1");

        var exception = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database, First, Second));

        Assert.Contains("lacks migration 1 (first)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [BothEngines]
    public async Task A_migration_that_fails_leaves_nothing_and_the_ones_before_it_stay(DatabaseEngine engine)
    {
        var database = await OpenEmptyAsync(await NewOptionsAsync(engine));
        var broken = MigrationCatalog.Parse("0002_second.sql", "CREATE TABLE third (id integer); CREATE TABLE first (id integer);");

        var exception = await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database, First, broken));

        Assert.Contains("Migration 2 (second)", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.InnerException);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => CountAsync(database, "third"));
        Assert.Equal(0, await CountAsync(database, "second"));
        Assert.Equal(1, await CountAsync(database, "schema_migrations"));
        Assert.Equal(1, await MigrateAsync(database, First, Second));
    }

    [Fact]
    public void Both_engines_have_the_same_migrations_in_order_without_gaps()
    {
        var sqlite = MigrationCatalog.For(DatabaseEngine.Sqlite);
        var postgres = MigrationCatalog.For(DatabaseEngine.Postgres);

        Assert.NotEmpty(sqlite);
        Assert.Equal(Enumerable.Range(1, sqlite.Count), sqlite.Select(migration => migration.Number));
        Assert.Equal(sqlite.Select(migration => (migration.Number, migration.Name)), postgres.Select(migration => (migration.Number, migration.Name)));
    }

    [Fact]
    public void A_checksum_is_that_of_the_text_whatever_its_line_ends()
    {
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", MigrationCatalog.Parse("0001_x.sql", "abc").Checksum);
        Assert.Equal(MigrationCatalog.Parse("0001_x.sql", "a\nb\n").Checksum, MigrationCatalog.Parse("0001_x.sql", "a\r\nb\r\n").Checksum);
        Assert.NotEqual(MigrationCatalog.Parse("0001_x.sql", "a b").Checksum, MigrationCatalog.Parse("0001_x.sql", "a  b").Checksum);
    }

    private Task<int> MigrateAsync(Database database, params Migration[] migrations) =>
        new Migrator(database, migrations, Patience, TimeProvider.System, Events).RunAsync(None);
}
