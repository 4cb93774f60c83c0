using System.Text;

namespace PeerSync.Host.Metrics;

/// <summary>Names as Prometheus wants them, made from OpenTelemetry's as its compatibility specification says.</summary>
internal static class PrometheusName
{
    private const string Total = "_total";

    /// <summary>The name of a family: invalid symbols become underscores, the unit and, for counters, <c>_total</c> are appended.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">The instrument's unit in UCUM; annotations in braces name no unit.</param>
    /// <param name="isCounter">Whether it only grows.</param>
    public static string OfFamily(string name, string unit, bool isCounter)
    {
        var result = Sanitize(name, allowColon: true);
        if (isCounter && result.EndsWith(Total, StringComparison.Ordinal))
        {
            result = result[..^Total.Length];
        }

        var suffix = UnitSuffix(unit);
        if (suffix.Length > 0 && !result.EndsWith(suffix, StringComparison.Ordinal))
        {
            result = $"{result}_{suffix}";
        }

        return isCounter ? result + Total : result;
    }

    /// <summary>The name of a label.</summary>
    /// <param name="key">The attribute's key.</param>
    public static string OfLabel(string key) => Sanitize(key, allowColon: false);

    private static string UnitSuffix(string unit) => unit switch
    {
        "" or "1" => string.Empty,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        _ when unit.StartsWith('{') => string.Empty,
        _ => Sanitize(unit, allowColon: false),
    };

    private static string Sanitize(string text, bool allowColon)
    {
        var result = new StringBuilder(text.Length + 1);
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            result.Append('_');
        }

        foreach (var symbol in text)
        {
            var isValid = char.IsAsciiLetterOrDigit(symbol) || (allowColon && symbol == ':');
            if (isValid)
            {
                result.Append(symbol);
            }
            else if (result.Length == 0 || result[^1] != '_')
            {
                result.Append('_');
            }
        }

        return result.ToString();
    }
}
