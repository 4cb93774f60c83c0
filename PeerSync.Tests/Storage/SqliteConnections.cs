using Microsoft.Data.Sqlite;
using PeerSync.Storage;
using PeerSync.Storage.Databases;

namespace PeerSync.Tests.Storage;

/// <summary>Ways to the connections of a SQLite store, and beside them.</summary>
internal static class SqliteConnections
{
    /// <summary>Holds up the one thread that writes.</summary>
    public static async Task<Blockade> BlockWriterAsync(DataStore store)
    {
        var blockade = new Blockade();
        blockade.Attach(store.Database.WriteAsync("blocking", _ => ValueTask.FromResult(blockade.Wait()), CancellationToken.None));
        await blockade.Reached.WaitAsync(TimeSpan.FromSeconds(10));
        return blockade;
    }

    public static ValueTask<string> PragmaAsync(DatabaseSession session, string pragma) =>
        session.QueryFirstAsync($"PRAGMA {pragma}", row => row.Text(0))!;

    public static Task<string> WriterPragmaAsync(DataStore store, string pragma) =>
        store.Database.WriteAsync("asking", session => PragmaAsync(session, pragma), CancellationToken.None);

    /// <summary>A connection as another process would have it.</summary>
    public static SqliteConnection OpenFile(DataStore store) => OpenFile(store.Place);

    /// <inheritdoc cref="OpenFile(DataStore)"/>
    public static SqliteConnection OpenFile(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
