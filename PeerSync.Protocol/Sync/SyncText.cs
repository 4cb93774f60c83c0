using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using PeerSync.Protocol.Json;

namespace PeerSync.Protocol.Sync;

/// <summary>Judges the texts and numbers of the Sync feature as JavaScript would, without throwing.</summary>
internal static class SyncText
{
    /// <summary>2^53 - 1, the largest integer that every client can hold.</summary>
    public const long MaxSafeInteger = 9007199254740991;

    private const int UuidLength = 36;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static readonly SearchValues<char> HexCharacters = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly SearchValues<byte> NameCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:_-"u8);

    /// <summary>Reads a UUID in its canonical form of 36 characters, in either case.</summary>
    public static bool TryParseUuid(ReadOnlySpan<byte> utf8, out Guid value)
    {
        value = default;

        // The framework's parser alone would let signs and 0x prefixes through.
        return utf8.Length == UuidLength
            && utf8[8] == (byte)'-' && utf8[13] == (byte)'-' && utf8[18] == (byte)'-' && utf8[23] == (byte)'-'
            && !utf8[..8].ContainsAnyExcept(HexDigits) && !utf8[9..13].ContainsAnyExcept(HexDigits)
            && !utf8[14..18].ContainsAnyExcept(HexDigits) && !utf8[19..23].ContainsAnyExcept(HexDigits)
            && !utf8[24..].ContainsAnyExcept(HexDigits)
            && Utf8Parser.TryParse(utf8, out value, out var consumed, 'D') && consumed == UuidLength;
    }

    /// <summary>Whether a text consists of a number of hex digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text, int length) => text.Length == length && !text.ContainsAnyExcept(HexCharacters);

    /// <summary>Whether a text consists of a number of hex digits.</summary>
    public static bool IsHex(ReadOnlySpan<byte> text, int length) => text.Length == length && !text.ContainsAnyExcept(HexDigits);

    /// <summary>Whether a text consists only of the characters that stream ids and event types are made of.</summary>
    public static bool IsName(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(NameCharacters);

    /// <summary>The bytes of a hex text; empty when it is not exactly <paramref name="length"/> bytes in hex.</summary>
    public static byte[] DecodeHex(ReadOnlySpan<char> text, int length) => IsHex(text, 2 * length) ? Convert.FromHexString(text) : [];

    /// <summary>Reads a JSON number as JavaScript does: rounded to a double, so that <c>1.0</c> and <c>1e0</c> are the integer 1.</summary>
    /// <returns>False when the value is no number. Beyond a double's range it is infinite.</returns>
    public static bool TryGetNumber(JsonValue value, out double number)
    {
        number = 0;
        return value.Type == System.Text.Json.JsonTokenType.Number
            && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
