using System.Buffers.Text;

namespace PeerSync.Protocol.Sync;

/// <summary>Base64 as RFC 4648, section 4, has it: padded, no white space, unused bits zero, so that every value has exactly one text.</summary>
internal static class StrictBase64
{
    /// <summary>Checks a text and counts the bytes it stands for, without decoding it.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> text, out int size)
    {
        size = 0;

        // The framework's check skips white space, and leaves the unused bits of the last character alone.
        return text.Length % 4 == 0
            && !text.ContainsAny(" \t\r\n"u8)
            && Base64.IsValid(text, out size)
            && (text.IsEmpty || IsLastQuadCanonical(text[^4..]));
    }

    private static bool IsLastQuadCanonical(ReadOnlySpan<byte> quad)
    {
        if (quad[3] != (byte)'=')
        {
            return true;
        }

        var unused = quad[2] == (byte)'=' ? 0b1111 : 0b11;
        var last = quad[2] == (byte)'=' ? quad[1] : quad[2];
        return (Value(last) & unused) == 0;
    }

    private static int Value(byte character) => (char)character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' => 62,
        _ => 63,
    };
}
