using System.Globalization;
using System.Text;

namespace PeerSync.Protocol.Peers;

/// <summary>Makes text of one client fit to be shown to others.</summary>
internal static class PeersText
{
    /// <summary>Removes control characters (C0, DEL, C1), replaces lone surrogates by U+FFFD and cuts the rest without splitting a surrogate pair.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most UTF-16 code units to keep.</param>
    public static string Clean(string text, int maxLength)
    {
        if (text.Length <= maxLength && !text.AsSpan().ContainsAnyInRange('\u0000', '\u001F')
            && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var kept = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                continue;
            }

            if (kept.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.ToString();
    }

    /// <summary>Replaces what cannot be seen, or changes how the rest is seen, by U+FFFD.</summary>
    /// <param name="text">Text without lone surrogates.</param>
    public static string MakePrintable(ReadOnlySpan<char> text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            kept.Append(IsPrintable(rune) ? rune : Rune.ReplacementChar);
        }

        return kept.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned);
}
