using PeerSync.Storage.Databases;
using PeerSync.Storage.Migrations;
using PeerSync.Storage.Postgres;
using PeerSync.Storage.Sqlite;

namespace PeerSync.Storage;

/// <summary>Opens the database that the settings name and brings its schema up to date.</summary>
public static class StorageFactory
{
    /// <summary>Opens, checks and migrates.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="time">The clock for stored times and for deadlines.</param>
    /// <param name="events">Who is told what happens, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The settings cannot work; the message says which, without their secrets.</exception>
    /// <exception cref="MigrationException">The schema is not one that this program can bring up to date.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot be reached or opened.</exception>
    public static async Task<DataStore> OpenAsync(
        StorageOptions options,
        TimeProvider time,
        IStorageEvents? events,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        var listener = events ?? NoStorageEvents.Instance;
        var database = await OpenDatabaseAsync(options, time, listener, cancellationToken);
        try
        {
            await new Migrator(database, MigrationCatalog.For(database.Engine), options.MigrationTimeout, time, listener).RunAsync(cancellationToken);
            return new DataStore(database, options, time, listener);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens without migrating.</summary>
    internal static async Task<Database> OpenDatabaseAsync(
        StorageOptions options,
        TimeProvider time,
        IStorageEvents events,
        CancellationToken cancellationToken)
    {
        return string.IsNullOrWhiteSpace(options.DatabaseUrl)
            ? await SqliteDatabase.OpenAsync(options, time, events)
            : await PostgresDatabase.OpenAsync(options.DatabaseUrl.Trim(), options, time, events, cancellationToken);
    }
}
