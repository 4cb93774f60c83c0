using Npgsql;
using PeerSync.Storage;
using PeerSync.Storage.Postgres;

namespace PeerSync.Tests.Storage;

/// <summary>Ways to the connections of a PostgreSQL store.</summary>
internal static class PostgresConnections
{
    /// <summary>Ends all connections to a database, as a failing network or an operator does.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> CutAsync(StorageOptions options)
    {
        var settings = PostgresAddress.Parse(options.DatabaseUrl!, options);
        settings.Pooling = false;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            WITH others AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())
            SELECT count(*) FROM others WHERE pg_terminate_backend(pid, 5000)
            """,
            connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
