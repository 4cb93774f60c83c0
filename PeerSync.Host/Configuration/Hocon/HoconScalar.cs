using System.Globalization;
using System.Text;

namespace PeerSync.Host.Configuration.Hocon;

/// <summary>A string, number, boolean or null.</summary>
internal sealed class HoconScalar : HoconValue
{
    private HoconScalar(HoconValueKind kind, string text, HoconOrigin origin)
        : base(kind, origin, text.Length + 1L)
    {
        Text = text;
    }

    /// <summary>A string's characters; the others exactly as they were written.</summary>
    public string Text { get; }

    /// <summary>Makes a string, whatever its characters look like.</summary>
    /// <param name="text">The string.</param>
    /// <param name="origin">Where it was written.</param>
    public static HoconScalar FromString(string text, HoconOrigin origin) => new(HoconValueKind.String, text, origin);

    /// <summary>Makes what a lone unquoted text stands for: a boolean, null, a number or a string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Where it was written.</param>
    public static HoconScalar FromUnquoted(string text, HoconOrigin origin) => new(Classify(text), text, origin);

    /// <summary>Writes a string as JSON does.</summary>
    /// <param name="text">The string.</param>
    public static string Quote(string text)
    {
        var builder = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                < ' ' or '\u007f' or '\u2028' or '\u2029' => builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => builder.Append(c),
            };
        }

        return builder.Append('"').ToString();
    }

    private static HoconValueKind Classify(string text) => text switch
    {
        "null" => HoconValueKind.Null,
        "true" or "false" => HoconValueKind.Boolean,
        _ => IsJsonNumber(text) ? HoconValueKind.Number : HoconValueKind.String,
    };

    private static bool IsJsonNumber(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] == '-')
        {
            text = text[1..];
        }

        var digits = CountDigits(text);
        if (digits == 0 || (digits > 1 && text[0] == '0'))
        {
            return false;
        }

        text = text[digits..];
        if (text.Length > 0 && text[0] == '.')
        {
            digits = CountDigits(text[1..]);
            if (digits == 0)
            {
                return false;
            }

            text = text[(digits + 1)..];
        }

        if (text.Length > 0 && text[0] is 'e' or 'E')
        {
            text = text[1..];
            if (text.Length > 0 && text[0] is '+' or '-')
            {
                text = text[1..];
            }

            digits = CountDigits(text);
            if (digits == 0)
            {
                return false;
            }

            text = text[digits..];
        }

        return text.IsEmpty;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
