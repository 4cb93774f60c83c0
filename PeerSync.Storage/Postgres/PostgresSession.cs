using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using PeerSync.Storage.Databases;

namespace PeerSync.Storage.Postgres;

/// <summary>A connection of the pool for one operation. Npgsql prepares repeated statements by itself.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, TimeSpan commandTimeout, CancellationToken cancellationToken) : DatabaseSession
{
    /// <inheritdoc/>
    public override DatabaseEngine Engine => DatabaseEngine.Postgres;

    /// <inheritdoc/>
    protected override CancellationToken Cancellation => cancellationToken;

    /// <inheritdoc/>
    public override async ValueTask ExecuteScriptAsync(string sql)
    {
        await using var command = CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override DbCommand Bind(string sql, ReadOnlySpan<SqlValue> values)
    {
        var command = CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(ToParameter(value));
        }

        return command;
    }

    /// <inheritdoc/>
    protected override void Release(DbCommand command) => command.Dispose();

    private static NpgsqlParameter ToParameter(SqlValue value) => value.Type switch
    {
        SqlType.Text => new NpgsqlParameter<string?> { TypedValue = value.Text, NpgsqlDbType = NpgsqlDbType.Text },
        SqlType.Bytes => new NpgsqlParameter<byte[]?> { TypedValue = value.Bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        SqlType.Integer => new NpgsqlParameter<long> { TypedValue = value.Number },
        SqlType.Time => new NpgsqlParameter<DateTimeOffset> { TypedValue = Microseconds.ToTime(value.Number) },
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private NpgsqlCommand CreateCommand(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = (int)Math.Ceiling(commandTimeout.TotalSeconds);
        return command;
    }
}
