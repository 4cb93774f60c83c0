using System.Globalization;
using System.Text;

namespace PeerSync.Protocol.Calls;

/// <summary>Tells emoji from other text (Calls contract, section 5.2).</summary>
/// <remarks>Pure functions, safe on any thread.</remarks>
public static class CallsEmoji
{
    /// <summary>The most emoji of one reaction.</summary>
    public const int MaxEmoji = 4;

    private const int ZeroWidthJoiner = 0x200D;
    private const int Keycap = 0x20E3;
    private const int TextStyle = 0xFE0E;
    private const int EmojiStyle = 0xFE0F;

    // The pictographs of Unicode's emoji-data below the blocks that consist of them.
    private static readonly int[] Scattered =
    [
        0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x21A9, 0x21AA, 0x231A, 0x231B, 0x2328, 0x2388, 0x23CF, 0x24C2, 0x25AA, 0x25AB, 0x25B6, 0x25C0, 0x2934, 0x2935,
        0x2B05, 0x2B06, 0x2B07, 0x2B1B, 0x2B1C, 0x2B50, 0x2B55, 0x3030, 0x303D, 0x3297, 0x3299,
    ];

    /// <summary>Whether a text consists of one to <see cref="MaxEmoji"/> emoji and nothing else. Flags, keycaps, skin tones and joined sequences are one each.</summary>
    public static bool IsReaction(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan();
        var count = 0;
        while (!rest.IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(rest);
            if (++count > MaxEmoji || !IsEmoji(rest[..length]))
            {
                return false;
            }

            rest = rest[length..];
        }

        return count > 0;
    }

    private static bool IsEmoji(ReadOnlySpan<char> cluster)
    {
        var isFirst = true;
        var mayJoin = false;
        var flagLetters = 0;
        var needsKeycap = false;
        var hasKeycap = false;
        foreach (var rune in cluster.EnumerateRunes())
        {
            var value = rune.Value;
            if (isFirst)
            {
                isFirst = false;
                flagLetters = IsFlagLetter(value) ? 1 : 0;
                needsKeycap = rune.IsAscii && (Rune.IsDigit(rune) || value is '#' or '*');
                if (flagLetters == 0 && !needsKeycap && !IsPictograph(value))
                {
                    return false;
                }
            }
            else if (flagLetters > 0)
            {
                flagLetters += IsFlagLetter(value) ? 1 : 2;
            }
            else if (mayJoin)
            {
                // A joiner joins pictographs, such as the members of a family, or a sign of gender.
                if (!IsPictograph(value))
                {
                    return false;
                }

                mayJoin = false;
            }
            else if (value == ZeroWidthJoiner)
            {
                mayJoin = true;
            }
            else if (value == Keycap)
            {
                hasKeycap = true;
            }
            else if (value is not (TextStyle or EmojiStyle) and not (>= 0x1F3FB and <= 0x1F3FF) and not (>= 0xE0020 and <= 0xE007F))
            {
                return false;
            }
        }

        return !mayJoin && flagLetters is 0 or 2 && (!needsKeycap || hasKeycap);
    }

    private static bool IsFlagLetter(int value) => value is >= 0x1F1E6 and <= 0x1F1FF;

    private static bool IsPictograph(int value) =>
        value is (>= 0x2600 and <= 0x27BF) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x1F000 and <= 0x1F0FF)
            or (>= 0x2194 and <= 0x2199) or (>= 0x23E9 and <= 0x23F3) or (>= 0x23F8 and <= 0x23FA) or (>= 0x25FB and <= 0x25FE)
            or 0x1F18E or (>= 0x1F170 and <= 0x1F171) or (>= 0x1F17E and <= 0x1F17F) or (>= 0x1F191 and <= 0x1F19A)
            or (>= 0x1F201 and <= 0x1F202) or 0x1F21A or 0x1F22F or (>= 0x1F232 and <= 0x1F23A) or (>= 0x1F250 and <= 0x1F251)
        || Array.BinarySearch(Scattered, value) >= 0;
}
