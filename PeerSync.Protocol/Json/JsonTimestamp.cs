namespace PeerSync.Protocol.Json;

/// <summary>Timestamps as JavaScript's toISOString writes them.</summary>
internal static class JsonTimestamp
{
    /// <summary>The length of a timestamp in bytes, without quotes.</summary>
    public const int Length = 24;

    /// <summary>Writes <c>2026-01-01T00:00:00.000Z</c>, in UTC, cut to the millisecond.</summary>
    /// <param name="timestamp">A point in time with any offset.</param>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    /// <remarks>By hand, because a custom format string costs more than all the rest of writing a relayed frame.</remarks>
    public static void Write(DateTimeOffset timestamp, Span<byte> destination)
    {
        var utc = timestamp.UtcDateTime;
        var (date, time) = utc;
        var (year, month, day) = date;
        var (hour, minute, second, millisecond) = time;
        "0000-00-00T00:00:00.000Z"u8.CopyTo(destination);
        AddDigits(destination[..4], year);
        AddDigits(destination[5..7], month);
        AddDigits(destination[8..10], day);
        AddDigits(destination[11..13], hour);
        AddDigits(destination[14..16], minute);
        AddDigits(destination[17..19], second);
        AddDigits(destination[20..23], millisecond);
    }

    private static void AddDigits(Span<byte> field, int value)
    {
        for (var i = field.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            field[i] += (byte)digit;
        }
    }
}
