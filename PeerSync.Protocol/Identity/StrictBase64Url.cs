using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace PeerSync.Protocol.Identity;

/// <summary>Base64url as RFC 7515, section 2, has it: no padding, no white space, unused bits zero, so that every value has exactly one text.</summary>
internal static class StrictBase64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>The number of bytes that a text of some length stands for.</summary>
    public static int GetDecodedLength(int length) => (int)((long)length * 6 / 8);

    /// <summary>Decodes a text into <paramref name="bytes"/>, which must have <see cref="GetDecodedLength"/> bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        // The bits of the last character that belong to no byte.
        var unused = (text.Length % 4) switch
        {
            0 => 0,
            2 => 0b1111,
            3 => 0b11,
            _ => -1,
        };
        if (unused < 0
            || text.ContainsAnyExcept(Characters)
            || (unused > 0 && (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) != 0))
        {
            return false;
        }

        return Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length;
    }

    /// <summary>Decodes a text into an array of its own.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = new byte[GetDecodedLength(text.Length)];
        if (TryDecode(text, bytes.AsSpan()))
        {
            return true;
        }

        bytes = null;
        return false;
    }
}
