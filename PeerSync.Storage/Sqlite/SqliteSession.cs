using System.Data.Common;
using Microsoft.Data.Sqlite;
using PeerSync.Storage.Databases;
using SQLitePCL;

namespace PeerSync.Storage.Sqlite;

/// <summary>A connection with the statements that were prepared on it. Statements are kept by their text, so texts are constants.</summary>
/// <remarks>Used by one thread at a time. Everything completes at once.</remarks>
internal sealed class SqliteSession(SqliteConnection connection) : DatabaseSession, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private SqliteJournalStatements? _journal;

    /// <inheritdoc/>
    public override DatabaseEngine Engine => DatabaseEngine.Sqlite;

    /// <summary>Whether a transaction is open: SQLite ends one itself after some faults.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>The journal's statements, prepared when they are first asked for.</summary>
    public SqliteJournalStatements Journal => _journal ??= new SqliteJournalStatements(connection.Handle!);

    /// <summary>Runs a statement that returns nothing of interest.</summary>
    public void Execute(string sql) => Bind(sql, []).ExecuteNonQuery();

    /// <inheritdoc/>
    public override ValueTask ExecuteScriptAsync(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal?.Dispose();
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    /// <inheritdoc/>
    protected override DbCommand Bind(string sql, ReadOnlySpan<SqlValue> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Type switch
            {
                SqlType.Text => (object?)values[i].Text ?? DBNull.Value,
                SqlType.Bytes => (object?)values[i].Bytes ?? DBNull.Value,
                _ => values[i].Number,
            };
        }

        return command;
    }

    /// <inheritdoc/>
    protected override void Release(DbCommand command)
    {
        // Stays prepared for the next time.
    }
}
