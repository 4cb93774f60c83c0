using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PeerSync.Protocol.Json;

/// <summary>Reads the text of JSON strings and judges scalar values, without ever throwing on what a peer sent.</summary>
/// <remarks>
/// <see cref="Utf8JsonReader"/> refuses to unescape a lone surrogate by an exception, which would make a peer's whim expensive. What comes here
/// has passed that reader's syntax check and is valid UTF-8, so every escape is complete.
/// </remarks>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Whether the text between the quotes of a JSON string equals some ASCII text.</summary>
    /// <param name="raw">The bytes between the quotes.</param>
    /// <param name="escaped">Whether they contain a backslash.</param>
    /// <param name="expected">Plain ASCII.</param>
    public static bool Equals(ReadOnlySpan<byte> raw, bool escaped, ReadOnlySpan<byte> expected)
    {
        if (!escaped)
        {
            return raw.SequenceEqual(expected);
        }

        var matched = 0;
        while (!raw.IsEmpty)
        {
            var unit = raw[0] == (byte)'\\' ? ReadEscape(ref raw) : ReadByte(ref raw);
            if (matched == expected.Length || unit != expected[matched])
            {
                return false;
            }

            matched++;
        }

        return matched == expected.Length;
    }

    /// <summary>The text of a JSON string; each lone surrogate becomes U+FFFD.</summary>
    /// <param name="raw">The bytes between the quotes.</param>
    /// <param name="escaped">Whether they contain a backslash.</param>
    public static string Decode(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped)
        {
            return Encoding.UTF8.GetString(raw);
        }

        var rented = ArrayPool<char>.Shared.Rent(raw.Length);
        var text = rented.AsSpan(0, DecodePrefix(raw, escaped, rented));
        var result = new string(text);
        ArrayPool<char>.Shared.Return(rented);
        return result;
    }

    /// <summary>Decodes as much of a JSON string as fits; each lone surrogate becomes U+FFFD, and no pair is split.</summary>
    /// <param name="raw">The bytes between the quotes.</param>
    /// <param name="escaped">Whether they contain a backslash.</param>
    /// <param name="destination">Takes the UTF-16 code units.</param>
    /// <returns>The number of code units written.</returns>
    public static int DecodePrefix(ReadOnlySpan<byte> raw, bool escaped, Span<char> destination)
    {
        if (!escaped)
        {
            _ = Utf8.ToUtf16(raw, destination, out _, out var whole);
            return whole;
        }

        var length = 0;
        while (!raw.IsEmpty && length < destination.Length)
        {
            if (raw[0] == (byte)'\\')
            {
                destination[length++] = ReadEscape(ref raw);
                continue;
            }

            var backslash = raw.IndexOf((byte)'\\');
            var run = backslash < 0 ? raw : raw[..backslash];
            var status = Utf8.ToUtf16(run, destination[length..], out _, out var written);
            length += written;
            if (status == OperationStatus.DestinationTooSmall)
            {
                break;
            }

            raw = raw[run.Length..];
        }

        if (length > 0 && !raw.IsEmpty && char.IsHighSurrogate(destination[length - 1]))
        {
            length--;
        }

        ReplaceLoneSurrogates(destination[..length]);
        return length;
    }

    /// <summary>Replaces each surrogate that has no partner by U+FFFD.</summary>
    public static void ReplaceLoneSurrogates(Span<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                i++;
            }
            else
            {
                text[i] = Replacement;
            }
        }
    }

    /// <summary>Whether JavaScript would take a JSON value as true.</summary>
    /// <param name="type">The token that begins the value; <see cref="JsonTokenType.None"/> for an absent one.</param>
    /// <param name="raw">The number as written, or the bytes between a string's quotes.</param>
    public static bool IsTruthy(JsonTokenType type, ReadOnlySpan<byte> raw) => type switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.True => true,
        JsonTokenType.String => !raw.IsEmpty,

        // Parsed, not compared with "0": -0, 0.00 and 1e-400 are zero too.
        JsonTokenType.Number => !double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != 0,
        _ => false,
    };

    private static char ReadByte(ref ReadOnlySpan<byte> raw)
    {
        var value = (char)raw[0];
        raw = raw[1..];

        // A byte of a longer UTF-8 sequence is never part of ASCII text.
        return value < 0x80 ? value : Replacement;
    }

    private static char ReadEscape(ref ReadOnlySpan<byte> raw)
    {
        var kind = raw[1];
        if (kind == (byte)'u')
        {
            var unit = 0;
            foreach (var digit in raw.Slice(2, 4))
            {
                unit = (unit << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
            }

            raw = raw[6..];
            return (char)unit;
        }

        raw = raw[2..];
        return kind switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)kind,
        };
    }
}
