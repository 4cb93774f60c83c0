using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Migrations;

/// <summary>Brings a database's schema up to date: each migration once, in order, in a transaction of its own.</summary>
/// <remarks>
/// Every transaction holds the engine's lock and looks again at what has been applied, so several processes that start together apply each migration once.
/// </remarks>
internal sealed class Migrator(Database database, IReadOnlyList<Migration> migrations, TimeSpan timeout, TimeProvider time, IStorageEvents events)
{
    /// <summary>Applies what is missing.</summary>
    /// <returns>How many were applied.</returns>
    /// <exception cref="MigrationException">What was applied is not what this program carries, or a migration failed.</exception>
    /// <exception cref="StorageUnavailableException">The database failed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var applied = 0;
        while (true)
        {
            var started = time.GetTimestamp();
            var migration = await database.RunExclusiveAsync("migrating", ApplyNextAsync, timeout, cancellationToken);
            if (migration is null)
            {
                return applied;
            }

            applied++;
            events.MigrationApplied(migration.Number, migration.Name, time.GetElapsedTime(started));
        }
    }

    private static void Compare(Migration known, AppliedMigration found)
    {
        if (known.Number != found.Number)
        {
            throw new MigrationException(
                $"The database lacks migration {known.Number} ({known.Name}) but has {found.Number} ({found.Name}). Restore a backup or repair schema_migrations.");
        }

        if (known.Checksum != found.Checksum)
        {
            throw new MigrationException(
                $"Migration {known.Number} ({known.Name}) was applied with another content than this program carries. A migration is never edited once it is released; add a new one.");
        }
    }

    private static async ValueTask EnsureTableAsync(DatabaseSession session)
    {
        var isSqlite = session.Engine is DatabaseEngine.Sqlite;

        // Asked for and not CREATE TABLE IF NOT EXISTS: PostgreSQL demands the right to create even where there is nothing to do.
        var tables = await session.QueryFirstAsync(
            isSqlite ? "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'" : "SELECT count(to_regclass('schema_migrations'))",
            row => row.Integer(0));
        if (tables == 0)
        {
            await session.ExecuteScriptAsync($"""
                CREATE TABLE schema_migrations (
                    number     integer NOT NULL PRIMARY KEY,
                    name       text    NOT NULL,
                    checksum   text    NOT NULL,
                    applied_at {(isSqlite ? "integer" : "timestamptz")} NOT NULL
                )
                """);
        }
    }

    private async ValueTask<Migration?> ApplyNextAsync(DatabaseSession session)
    {
        await EnsureTableAsync(session);
        var found = await session.QueryAsync(
            "SELECT number, name, checksum FROM schema_migrations ORDER BY number",
            row => new AppliedMigration(row.Integer(0), row.Text(1), row.Text(2)));
        for (var i = 0; i < found.Count; i++)
        {
            if (i == migrations.Count)
            {
                throw new MigrationException(
                    $"The database has migration {found[i].Number} ({found[i].Name}), which this program does not know: a newer one was here. Start that one, or restore a backup.");
            }

            Compare(migrations[i], found[i]);
        }

        if (found.Count == migrations.Count)
        {
            return null;
        }

        var next = migrations[found.Count];
        await ApplyAsync(session, next);
        return next;
    }

    private async ValueTask ApplyAsync(DatabaseSession session, Migration migration)
    {
        try
        {
            await session.ExecuteScriptAsync(migration.Sql);
        }
        catch (Exception e) when (database.IsRefusal(e))
        {
            throw new MigrationException($"Migration {migration.Number} ({migration.Name}) failed; nothing of it was kept. {e.Message}", e);
        }

        await session.ExecuteAsync(
            "INSERT INTO schema_migrations (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
            migration.Number,
            migration.Name,
            migration.Checksum,
            database.Now);
    }

    private sealed record AppliedMigration(long Number, string Name, string Checksum);
}
