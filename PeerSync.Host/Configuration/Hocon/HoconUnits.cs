using System.Collections.Frozen;
using System.Globalization;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>Numbers with a unit: durations such as <c>10s</c> and sizes such as <c>4MiB</c>.</summary>
internal static class HoconUnits
{
    private static readonly FrozenDictionary<string, decimal> TicksByUnit = Table(
        (0.01m, "ns nano nanos nanosecond nanoseconds"),
        (TimeSpan.TicksPerMicrosecond, "us micro micros microsecond microseconds"),
        (TimeSpan.TicksPerMillisecond, "ms milli millis millisecond milliseconds"),
        (TimeSpan.TicksPerSecond, "s second seconds"),
        (TimeSpan.TicksPerMinute, "m minute minutes"),
        (TimeSpan.TicksPerHour, "h hour hours"),
        (TimeSpan.TicksPerDay, "d day days"));

    private static readonly FrozenDictionary<string, decimal> BytesByUnit = Table(
        (1m, "B b byte bytes"),
        (1e3m, "kB kilobyte kilobytes"),
        (1e6m, "MB megabyte megabytes"),
        (1e9m, "GB gigabyte gigabytes"),
        (1e12m, "TB terabyte terabytes"),
        (1e15m, "PB petabyte petabytes"),
        (1e18m, "EB exabyte exabytes"),
        (1e21m, "ZB zettabyte zettabytes"),
        (1e24m, "YB yottabyte yottabytes"),
        (1024m, "K k Ki KiB kibibyte kibibytes"),
        (1048576m, "M m Mi MiB mebibyte mebibytes"),
        (1073741824m, "G g Gi GiB gibibyte gibibytes"),
        (1099511627776m, "T t Ti TiB tebibyte tebibytes"),
        (1125899906842624m, "P p Pi PiB pebibyte pebibytes"),
        (1152921504606846976m, "E e Ei EiB exbibyte exbibytes"),
        (1180591620717411303424m, "Z z Zi ZiB zebibyte zebibytes"),
        (1208925819614629174706176m, "Y y Yi YiB yobibyte yobibytes"));

    /// <summary>Reads a duration; fractions of a tick (100 ns) are dropped.</summary>
    /// <param name="text">A number and a unit from ns to d, white space between them allowed.</param>
    /// <param name="defaultUnit">The unit of a bare number; <c>ms</c> by the specification.</param>
    /// <param name="duration">The duration.</param>
    public static bool TryParseDuration(string text, string defaultUnit, out TimeSpan duration)
    {
        var parsed = TryParse(text, TicksByUnit, defaultUnit, out var ticks);
        duration = new TimeSpan(ticks);
        return parsed;
    }

    /// <summary>Reads a size; fractions of a byte are dropped.</summary>
    /// <param name="text">A number of bytes, or a number and a unit. A single letter is a power of two.</param>
    /// <param name="bytes">The size.</param>
    public static bool TryParseSize(string text, out long bytes) => TryParse(text, BytesByUnit, "B", out bytes);

    private static FrozenDictionary<string, decimal> Table(params (decimal Factor, string Names)[] units) => units
        .SelectMany(static unit => unit.Names.Split(' ').Select(name => KeyValuePair.Create(name, unit.Factor)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static bool TryParse(string text, FrozenDictionary<string, decimal> units, string defaultUnit, out long result)
    {
        result = 0;
        var trimmed = text.Trim();
        var numberLength = trimmed.Length;
        while (numberLength > 0 && char.IsLetter(trimmed[numberLength - 1]))
        {
            numberLength--;
        }

        var unit = numberLength == trimmed.Length ? defaultUnit : trimmed[numberLength..];
        if (!units.TryGetValue(unit, out var factor)
            || !decimal.TryParse(
                trimmed.AsSpan(0, numberLength).TrimEnd(),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var number))
        {
            return false;
        }

        // Divided before it is multiplied, because the product may be beyond decimal.
        if (Math.Abs(number) > long.MaxValue / factor)
        {
            return false;
        }

        result = (long)decimal.Truncate(number * factor);
        return true;
    }
}
