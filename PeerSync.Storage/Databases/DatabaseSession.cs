using System.Data.Common;

namespace PeerSync.Storage.Databases;

/// <summary>A connection as an operation sees it. Statements are the same text for both engines, with parameters <c>$1</c>, <c>$2</c> ...</summary>
/// <remarks>
/// Not thread-safe, and valid only until the operation that it was given to returns. An operation awaits nothing else than the session:
/// on SQLite it runs on the one thread that owns the connection, and everything here completes at once.
/// </remarks>
internal abstract class DatabaseSession
{
    /// <summary>The engine that answers.</summary>
    public abstract DatabaseEngine Engine { get; }

    /// <summary>Ends a wait for the engine where the engine can be interrupted.</summary>
    protected virtual CancellationToken Cancellation => CancellationToken.None;

    /// <summary>Runs a statement that returns no rows.</summary>
    /// <returns>How many rows it inserted, updated or deleted.</returns>
    public ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<SqlValue> values) => ExecuteBoundAsync(Bind(sql, values));

    /// <summary>Runs a query and maps its first row.</summary>
    /// <returns>The mapped row, or the type's default where there is none.</returns>
    public ValueTask<T?> QueryFirstAsync<T>(string sql, Func<SqlRow, T> map, params ReadOnlySpan<SqlValue> values) =>
        QueryFirstBoundAsync(Bind(sql, values), map);

    /// <summary>Runs a query and maps all its rows.</summary>
    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<SqlRow, T> map, params ReadOnlySpan<SqlValue> values) =>
        QueryBoundAsync(Bind(sql, values), map);

    /// <summary>Runs a query and shows its rows one after the other.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="visit">Sees a row; false ends the query.</param>
    /// <param name="values">The parameters.</param>
    public ValueTask VisitAsync(string sql, Func<SqlRow, bool> visit, params ReadOnlySpan<SqlValue> values) => VisitBoundAsync(Bind(sql, values), visit);

    /// <summary>Runs several statements, parted by semicolons, that take no parameters.</summary>
    public abstract ValueTask ExecuteScriptAsync(string sql);

    /// <summary>A command ready to run, owned by this session.</summary>
    protected abstract DbCommand Bind(string sql, ReadOnlySpan<SqlValue> values);

    /// <summary>Takes a command back after its run.</summary>
    protected abstract void Release(DbCommand command);

    private async ValueTask<int> ExecuteBoundAsync(DbCommand command)
    {
        try
        {
            return await command.ExecuteNonQueryAsync(Cancellation);
        }
        finally
        {
            Release(command);
        }
    }

    private async ValueTask<T?> QueryFirstBoundAsync<T>(DbCommand command, Func<SqlRow, T> map)
    {
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            return await reader.ReadAsync(Cancellation) ? map(new SqlRow(reader, Engine)) : default;
        }
        finally
        {
            Release(command);
        }
    }

    private async ValueTask<List<T>> QueryBoundAsync<T>(DbCommand command, Func<SqlRow, T> map)
    {
        var rows = new List<T>();
        await VisitBoundAsync(
            command,
            row =>
            {
                rows.Add(map(row));
                return true;
            });
        return rows;
    }

    private async ValueTask VisitBoundAsync(DbCommand command, Func<SqlRow, bool> visit)
    {
        try
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation) && visit(new SqlRow(reader, Engine)))
            {
                // The visitor does it all.
            }
        }
        finally
        {
            Release(command);
        }
    }
}
