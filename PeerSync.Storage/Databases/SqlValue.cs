namespace PeerSync.Storage.Databases;

/// <summary>One parameter of a statement. It keeps its type when it is null, because PostgreSQL plans by type.</summary>
internal readonly struct SqlValue
{
    private readonly object? _reference;

    private SqlValue(SqlType type, object? reference, long number)
    {
        Type = type;
        _reference = reference;
        Number = number;
    }

    /// <summary>What the value is.</summary>
    public SqlType Type { get; }

    /// <summary>The text of a <see cref="SqlType.Text"/>, or null.</summary>
    public string? Text => _reference as string;

    /// <summary>The bytes of a <see cref="SqlType.Bytes"/>, or null.</summary>
    public byte[]? Bytes => _reference as byte[];

    /// <summary>The number of a <see cref="SqlType.Integer"/>, or the microseconds since 1970 in UTC of a <see cref="SqlType.Time"/>.</summary>
    public long Number { get; }

    /// <summary>A text, or a null of type text.</summary>
    public static implicit operator SqlValue(string? text) => new(SqlType.Text, text, 0);

    /// <summary>Bytes, or a null of that type.</summary>
    public static implicit operator SqlValue(byte[]? bytes) => new(SqlType.Bytes, bytes, 0);

    /// <summary>A 64-bit integer.</summary>
    public static implicit operator SqlValue(long number) => new(SqlType.Integer, null, number);

    /// <summary>A time, stored with microseconds.</summary>
    public static implicit operator SqlValue(DateTimeOffset time) => new(SqlType.Time, null, Microseconds.From(time));
}
