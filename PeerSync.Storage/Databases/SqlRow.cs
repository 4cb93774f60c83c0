using System.Data.Common;

namespace PeerSync.Storage.Databases;

/// <summary>The current row of a result. Valid only inside the mapping function that it is given to.</summary>
internal readonly struct SqlRow(DbDataReader reader, DatabaseEngine engine)
{
    /// <summary>A text that is not null.</summary>
    public string Text(int column) => reader.GetString(column);

    /// <summary>A text or null.</summary>
    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>An integer that is not null.</summary>
    public long Integer(int column) => reader.GetInt64(column);

    /// <summary>An integer or null.</summary>
    public long? IntegerOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>Bytes that are not null.</summary>
    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    /// <summary>A time that is not null, in UTC.</summary>
    public DateTimeOffset Time(int column) =>
        engine is DatabaseEngine.Sqlite ? Microseconds.ToTime(reader.GetInt64(column)) : reader.GetFieldValue<DateTimeOffset>(column);

    /// <summary>A time or null, in UTC.</summary>
    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);
}
