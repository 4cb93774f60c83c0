using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace PeerSync.Protocol.Json;

/// <summary>Writes JSON values to a buffer without allocating.</summary>
internal static class JsonOutput
{
    // A UTF-16 code unit becomes at most six bytes, as an escape.
    private const int MaxBytesPerUnit = 6;

    // Long strings go out in pieces, so that the worst case does not reserve six times their length.
    private const int UnitsPerPiece = 1024;

    private const int MaxNumberLength = 20;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F" +
        "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    /// <summary>Writes a string in quotes, escaped as little as JSON.stringify does: quote, backslash, C0 controls and lone surrogates.</summary>
    public static void WriteString(this IBufferWriter<byte> output, string value)
    {
        output.Write("\""u8);
        var rest = value.AsSpan();
        while (rest.Length > UnitsPerPiece)
        {
            var cut = char.IsHighSurrogate(rest[UnitsPerPiece - 1]) ? UnitsPerPiece - 1 : UnitsPerPiece;
            WritePiece(output, rest[..cut]);
            rest = rest[cut..];
        }

        WritePiece(output, rest);
        output.Write("\""u8);
    }

    /// <summary>Writes an integer.</summary>
    public static void WriteInteger(this IBufferWriter<byte> output, long value)
    {
        var span = output.GetSpan(MaxNumberLength);
        _ = Utf8Formatter.TryFormat(value, span, out var written);
        output.Advance(written);
    }

    private static void WritePiece(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(text.Length * MaxBytesPerUnit);
        var length = 0;
        while (!text.IsEmpty)
        {
            var index = text.IndexOfAny(Escaped);
            var plain = index < 0 ? text : text[..index];
            var status = Utf8.FromUtf16(plain, span[length..], out var read, out var written, replaceInvalidSequences: false);
            length += written;
            text = text[read..];
            if (status == OperationStatus.InvalidData || index >= 0)
            {
                length += WriteEscape(span[length..], text[0]);
                text = text[1..];
            }
        }

        output.Advance(length);
    }

    private static int WriteEscape(Span<byte> destination, char unit)
    {
        destination[0] = (byte)'\\';
        var letter = unit switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)'u',
        };
        destination[1] = letter;
        if (letter != (byte)'u')
        {
            return 2;
        }

        var digits = "0123456789abcdef"u8;
        for (var i = 0; i < 4; i++)
        {
            destination[2 + i] = digits[(unit >> (12 - (4 * i))) & 0xF];
        }

        return 6;
    }
}
